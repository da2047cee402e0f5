/**
 * The rooms that the query benchmark drives, as one module.
 * @module
 */
export * as lake from "../../worker/lake";
export * as query from "../../worker/query";
export * as rollup from "../../worker/rollup";
