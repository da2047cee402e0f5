/**
 * Executes the plans of a batch: one D1 batch for all rollup rows, one for the manifest of the lake, and each segment
 * read once, however many plans need it.
 * @module
 */
import type { Meta } from "../../../../schema/wire/query";
import type { Stores } from "../../../lib/stores";
import type { QueryContext } from "../parse";
import type { Refusal } from "../parse/refusal";
import type { Budget, QueryPlan, Sections } from "../plan";
import { refuseCost, refuseTogether } from "../plan/cost";
import type { SubqueryPlan } from "../plan/subquery-plan";
import type { AggregateTable } from "../table/aggregate-table";
import { MemoryBudget } from "../table/distinct";
import { readBatchSnapshot } from "./cache/open-sessions";
import { type BatchState, type Execution, newExecution } from "./execution";
import { runScans } from "./lake/run";
import { CostEstimate, lengthOf, snapshotFor } from "./requirements";
import { runRollups } from "./rollup/run";
import type { ProjectState } from "./snapshot-store";

type PartPlan = Sections<SubqueryPlan>;

/** The tables of a plan, and how they were read. */
export interface Executed {
  parts: Sections<AggregateTable>[];
  meta: Omit<Meta, "elapsed_ms">;
}

export interface ExecuteOptions {
  /** The most that the plans may read from the lake, each and all together. */
  budget: Budget;
  /** Called with the bytes that scans read and process, before they run. */
  charge?: ((bytes: number) => void) | undefined;
}

/** Executes plans. @throws SegmentGoneError when a segment was merged away after the manifest was read */
export async function executeBatch(
  stores: Stores,
  context: QueryContext,
  project: ProjectState,
  plans: readonly QueryPlan[],
  { budget, charge }: ExecuteOptions,
): Promise<QueryBatch> {
  const parts = plans.flatMap((plan) => plan.parts);
  const executions = new Map(parts.flatMap(plansOf).map((plan) => [plan, newExecution(plan)]));
  const memory = new MemoryBudget();
  const state: BatchState = { stores, context, memory, executions, project, marts: new Map() };
  await runRollups(state);
  return new QueryBatch(state, await scanWithin(state, plans, { budget, charge }));
}

/** Executed plans. */
export class QueryBatch {
  constructor(
    readonly state: BatchState,
    readonly scanned: Scanned,
  ) {}

  /** Returns the tables of a plan of this batch, or why it is refused. */
  tablesOf(plan: QueryPlan): Executed | Refusal {
    const refusal = this.scanned.refused.get(plan);
    if (refusal) return refusal;
    const executions = plan.parts.flatMap((part) => executionsOf(this.state, part));
    return { parts: plan.parts.map((part) => this.#tablesOfPart(part)), meta: this.#metaOf(executions) };
  }

  #tablesOfPart({ rows, totals, comparedRows, comparedTotals }: PartPlan): Sections<AggregateTable> {
    const tableOf = (plan: SubqueryPlan) => {
      const table = this.state.executions.get(plan)?.table;
      if (!table) throw new Error(`query: no table for a plan over ${plan.subquery.dataset}`);
      return table;
    };
    return {
      rows: tableOf(rows),
      totals: tableOf(totals),
      comparedRows: comparedRows && tableOf(comparedRows),
      comparedTotals: comparedTotals && tableOf(comparedTotals),
    };
  }

  #metaOf(executions: readonly Execution[]): Executed["meta"] {
    return {
      source: executions.some(({ usesLake }) => usesLake) ? "lake" : "rollup",
      complete_until: completeUntil(this.state, executions),
      rows_scanned: Math.max(...executions.map(({ rowsRead }) => rowsRead)),
      bytes_scanned: Math.max(...executions.map(({ bytesRead }) => bytesRead)),
      approximate: executions.some(({ table }) => table?.approximate),
      ...(executions.some(({ table }) => table?.isFolded) && { folded: true }),
    };
  }
}

const plansOf = (part: PartPlan): SubqueryPlan[] => Object.values(part).filter((plan) => plan !== null);

function executionsOf({ executions }: BatchState, part: PartPlan): Execution[] {
  return plansOf(part).flatMap((plan) => executions.get(plan) ?? []);
}

/** The earliest time, epoch ms, until which all data that the executions use is complete. */
function completeUntil({ project, marts }: BatchState, executions: readonly Execution[]): number | null {
  const until = executions.map(({ plan: { subquery } }) =>
    subquery.level ? (marts.get(subquery.level)?.complete_until ?? null) : project.complete_until,
  );
  return until.reduce((first, one) => (first === null || one === null ? null : Math.min(first, one)));
}

/** Which plans are refused, and what the scans of the others cost, as estimated. */
interface Scanned {
  refused: ReadonlyMap<QueryPlan, Refusal>;
  cost: Budget;
}

/** Runs the scans of the plans that stay within the budget, each and all together. */
async function scanWithin(
  state: BatchState,
  plans: readonly QueryPlan[],
  { budget, charge }: ExecuteOptions,
): Promise<Scanned> {
  const refused = new Map<QueryPlan, Refusal>();
  const scans = scansOf([...state.executions.values()]);
  if (!scans.length) return { refused, cost: { rows: 0, bytes: 0 } };
  const snapshot = await readBatchSnapshot(state, snapshotFor(scans));
  state.marts = snapshot.marts;
  const estimate = new CostEstimate(snapshot);
  let running = new Set<Execution>();
  for (const plan of plans) {
    const own = plan.parts.flatMap((part) => executionsOf(state, part));
    if (!scansOf(own).length) continue;
    const together = new Set([...running, ...own]);
    const refusal =
      refuseScans(own, plan, estimate, budget) ?? refuseTogether(estimate.of(scansOf([...together])), budget);
    if (refusal) refused.set(plan, refusal);
    else running = together;
  }
  const cost = estimate.of(scansOf([...running]));
  charge?.(cost.bytes);
  await runScans(state, snapshot, [...running]);
  return { refused, cost };
}

const scansOf = (executions: readonly Execution[]) => executions.flatMap((execution) => execution.scans);

function refuseScans(
  executions: readonly Execution[],
  { parts }: QueryPlan,
  estimate: CostEstimate,
  budget: Budget,
): Refusal | null {
  const scans = scansOf(executions);
  const { filter, level } = parts[0]!.rows.subquery;
  const measures = parts.flatMap(({ rows }) => rows.subquery.measures);
  return refuseCost(estimate.of(scans), lengthOf(scans), { filter, level, measures }, budget);
}
