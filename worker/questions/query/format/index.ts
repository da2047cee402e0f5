/**
 * Format: tables become a `QueryResult`.
 * @module
 */
export { linesInDoubt } from "./doubt";
export { formatResult, previousName, unitIn } from "./result";
