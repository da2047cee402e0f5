/**
 * Reports what answering a query would read, without reading it.
 * @module
 */
import type { Query } from "../../../schema/wire/query";
import { CostEstimate, snapshotFor } from "./execute/requirements";
import { type ProjectState, readSnapshot } from "./execute/snapshot-store";
import { parse, type QueryContext } from "./parse";
import { isRefusal, type Refusal } from "./parse/refusal";
import { BUDGET, type Budget, Planner } from "./plan";

const SECTIONS = [
  ["rows", "rows"],
  ["totals", "totals"],
  ["compared rows", "comparedRows"],
  ["compared totals", "comparedTotals"],
] as const;

interface Explanation {
  reads: {
    for: (typeof SECTIONS)[number][0];
    dataset: string;
    measures: string[];
    dimensions: string[];
    /** Epoch ms, half-open. */
    from: number;
    to: number;
    store: "rollup" | "lake";
    /** Why rollups cannot answer; null where they do. */
    why: string | null;
  }[];
  /**
   * Estimated from the manifest: rows that scans of the lake would read, and bytes that they would read and process. Scans
   * needed because rollup rows turn out not to be sufficient are not included.
   */
  cost: Budget & { budget: Budget };
}

/** Returns the stores that a query would be answered from, and its cost. */
export async function explain(
  db: D1Database,
  context: QueryContext,
  wire: Query,
  state: ProjectState,
): Promise<Explanation | Refusal> {
  const query = parse(wire, context);
  if (isRefusal(query)) return query;
  const plan = new Planner({ zone: state.timezone, now: context.now }).plan(query);
  if (isRefusal(plan)) return plan;
  const found = plan.parts.flatMap((part) =>
    SECTIONS.flatMap(([name, section]) => (part[section] ? [{ name, plan: part[section] }] : [])),
  );
  const scans = found.flatMap(({ plan: one }) => (one.store === "lake" ? [one] : []));
  const snapshot = await readSnapshot(db, context.project, state, snapshotFor(scans));
  const { rows, bytes } = new CostEstimate(snapshot).of(scans);
  return {
    reads: found.map(({ name, plan: one }) => {
      const { dataset, measures, grain, dimensions, from, to } = one.subquery;
      return {
        for: name,
        dataset,
        measures,
        dimensions: grain ? [`time:${grain}`, ...dimensions] : dimensions,
        from,
        to,
        store: one.store,
        why: one.store === "lake" ? one.why : null,
      };
    }),
    cost: { rows, bytes, budget: BUDGET },
  };
}
