/**
 * What answering a query would read, without reading it.
 * @module
 */
import type { Query } from "../../../schema/wire/query";
import { cheapenTotals, makeJob, partsOf, wantedBy } from "./execute/execution";
import { type ProjectState, readSnapshot } from "./execute/snapshot-store";
import { parse, partsOf as questionsOf } from "./parse";
import type { QueryContext } from "./parse/query";
import { isRefusal, type Refusal } from "./parse/refusal";
import { BUDGET, rowsIn } from "./plan/budget";
import { plan } from "./plan/plan";
import { asksOf } from "./plan/subquery";

/** What a query comes down to. */
interface Explanation {
  /** What it needs of the compared range stands beside what it shows. */
  reads: {
    for: (typeof NAMES)[number];
    dataset: string;
    measures: string[];
    dimensions: string[];
    from: number;
    to: number;
    store: "rollup" | "lake";
    /** Why rollups cannot answer; null where they do. */
    why: string | null;
  }[];
  /**
   * Estimated from the manifest: rows, and rows times columns, that plans for the lake would scan. Gaps of rollups show only
   * when the query is answered.
   */
  cost: { rows: number; values: number; budget: { rows: number; values: number } };
}

const NAMES = ["rows", "totals", "compared rows", "compared totals"] as const;

/** The stores that a query would be answered from, and the cost. */
export async function explain(
  db: D1Database,
  asker: QueryContext,
  query: Query,
  standing: ProjectState,
): Promise<Explanation | Refusal> {
  const asked = parse(query, asker);
  if (isRefusal(asked)) return asked;
  const setting = { zone: standing.timezone, now: asker.now };
  const found = questionsOf(asked).flatMap((question) => {
    const asks = asksOf(question);
    if (plan(asks.rows, setting).store === "rollup") cheapenTotals(asks, setting);
    const { rows, totals, comparedRows, comparedTotals } = asks;
    const named = { rows, totals, "compared rows": comparedRows, "compared totals": comparedTotals } as const;
    return NAMES.flatMap((name) => (named[name] ? [{ name, job: makeJob(named[name], setting) }] : []));
  });
  const tasks = found.flatMap(({ job }) => job.tasks);
  const snapshot = await readSnapshot(db, asker.project, standing, wantedBy(tasks));
  const parts = partsOf(tasks, snapshot).map((part) => ({ rows: rowsIn(part), columns: part.read.columns }));
  return {
    reads: found.map(({ name, job: { ask, plan: planned } }) => ({
      for: name,
      dataset: ask.dataset,
      measures: ask.measures,
      dimensions: ask.grain ? [`time:${ask.grain}`, ...ask.dimensions] : ask.dimensions,
      from: ask.from,
      to: ask.to,
      store: planned.store,
      why: planned.store === "lake" ? planned.why : null,
    })),
    cost: {
      rows: parts.reduce((sum, { rows }) => sum + rows, 0),
      values: parts.reduce((sum, { rows, columns }) => sum + rows * columns.length, 0),
      budget: { rows: BUDGET.rows, values: BUDGET.cells },
    },
  };
}
