/**
 * Format: tables become a `QueryResult`.
 * @module
 */
export { CellCounter } from "./cells";
export { linesInDoubt } from "./doubt";
export { formatResult, previousName, unitIn } from "./result";
