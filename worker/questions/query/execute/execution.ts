/**
 * One planned subquery while it is answered.
 * @module
 */

import type { Stores } from "../../../lib/stores";
import type { QueryContext } from "../parse";
import type { LakePlan } from "../plan/lake-plan";
import type { SubqueryPlan } from "../plan/subquery-plan";
import type { AggregateTable } from "../table/aggregate-table";
import type { MemoryBudget } from "../table/distinct";
import type { ProjectState, Snapshot } from "./snapshot-store";

/** A plan, its table so far, and what is left to read from the lake. */
export interface Execution {
  plan: SubqueryPlan;
  table: AggregateTable | null;
  /** The plan itself, or the parts of a rollup plan that rollups could not answer. */
  scans: LakePlan[];
  usesLake: boolean;
  rowsRead: number;
  bytesRead: number;
}

/** What the executions of a batch share. */
export interface BatchState {
  readonly stores: Stores;
  readonly context: QueryContext;
  readonly memory: MemoryBudget;
  readonly executions: ReadonlyMap<SubqueryPlan, Execution>;
  /** As of the latest snapshot. */
  project: ProjectState;
  marts: Snapshot["marts"];
}

/** The execution of a plan of which nothing has been read. */
export function newExecution(plan: SubqueryPlan): Execution {
  const scans = plan.store === "lake" ? [plan] : [];
  return { plan, table: null, scans, usesLake: false, rowsRead: 0, bytesRead: 0 };
}
