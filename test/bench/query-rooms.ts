/**
 * The rooms that the query benchmark drives, as one module.
 * @module
 */
export * as lake from "../../worker/pipeline/lake";
export * as rollup from "../../worker/pipeline/rollup";
export * as query from "../../worker/questions/query";
