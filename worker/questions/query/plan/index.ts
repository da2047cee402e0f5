/**
 * Plan: a `ParsedQuery` becomes a `QueryPlan`. No I/O: a plan is plain data.
 * @module
 */
export { BUDGET, type Budget } from "./limits";
export { exactly, Planner, type QueryPlan } from "./plan";
export type { Sections } from "./subquery";
