/**
 * Parse: a query becomes a `ParsedQuery`, or is refused.
 * @module
 */
export { parse } from "./parse";
export type { ParsedQuery, QueryContext, QueryPart, QueryShape } from "./parsed-query";
