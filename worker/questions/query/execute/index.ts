/**
 * Execute: `QueryPlan`s become tables, read from rollups, the lake and caches.
 * @module
 */
export { type Executed, executeBatch, type QueryBatch } from "./batch";
export { type ProjectState, readProjectState } from "./snapshot-store";
