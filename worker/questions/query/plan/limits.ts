/**
 * The limits of asking: how deep, long and wide a question may be, what reading it may cost, and how much memory its
 * answer may take. All that a question is refused for because of its size is decided by these numbers.
 *
 * Limits of single fields (characters, entries) are in the schemas of `schema/wire`, where OpenAPI shows them.
 * @module
 */

/** Levels of objects and lists of a query: those of the deepest filter that is allowed, and of the query around it. */
export const MAX_NESTING = 64;
/** Combinations of dataset and filter that the metrics of one query may use. */
export const MAX_PARTS = 20;
/** Time buckets of a series. */
export const MAX_BUCKETS = 10_000;

/** Cells of a result: lines × time buckets × columns. */
export const MAX_CELLS = 100_000;
/** Cells of all results of a request. */
export const MAX_BATCH_CELLS = 300_000;

/** What reading the lake may cost: estimated from the manifest, before anything is read. */
export interface Budget {
  /** Rows of all passes. */
  rows: number;
  /** Bytes of columns that are decoded, plus those that tasks process again: see `cost.ts`. */
  bytes: number;
}
/** Of one request, and so of each of its queries: about two seconds of one core; see the bench. Shared reads count once. */
export const BUDGET: Budget = { rows: 5_000_000, bytes: 256 * 2 ** 20 };

/** Groups (lines × time buckets) of a table; rows of further lines are added to `(other)`. */
export const MAX_GROUPS = 50_000;
/** Bytes of all groups of a request, at which further lines are added to `(other)`. */
export const GROUP_BYTES = 40 * 2 ** 20;
/** Bytes of the members and values of a request, at which the largest sets and lists become sketches. */
export const MEMBER_BYTES = 24 * 2 ** 20;
/** Bytes of both at which the request is refused: sketches alone are too many. */
export const TABLE_BYTES = 80 * 2 ** 20;
