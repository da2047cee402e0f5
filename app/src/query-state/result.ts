/**
 * Values of query results, and their comparison.
 * @module
 */
import type { Problem } from "../../../schema/wire/error";
import type { QueryResult } from "../../../schema/wire/query";

/** Prefix of the columns that contain compared values. */
export const PREVIOUS = "previous:";

/** A value and the one it is compared with; null when there is no data or no comparison. */
export interface Measured {
  value: number | null;
  previous: number | null;
}

/** Relative change from `previous` to `value`; null when it cannot be computed. */
export function changeOf({ value, previous }: Measured): number | null {
  if (value === null || previous === null || previous === 0) return null;
  return value / previous - 1;
}

export function isResult(answer: QueryResult | Problem): answer is QueryResult {
  return "rows" in answer;
}

/** A cell as a number; null for anything else. */
export function numberOf(cell: unknown): number | null {
  return typeof cell === "number" ? cell : null;
}
