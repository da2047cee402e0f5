/**
 * Format: tables become a `QueryResult`.
 * @module
 */
export { formatResult, previousName, unitIn } from "./result";
