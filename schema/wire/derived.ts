/**
 * Rows of the lake that are derived from events: sealed sessions and sealed rollups.
 * @module
 */
import { z } from "zod";
import { VISIT_COLUMNS, type VisitColumn } from "./columns";

const text = z.string().nullable();
const count = z.number().int();
/** Fields of the session's first event. */
const visitShape = Object.fromEntries(VISIT_COLUMNS.map((column) => [column, text])) as Record<
  VisitColumn,
  typeof text
>;

/** One session, sealed after its idle limit. */
export const sessionRowSchema = z.object({
  project_id: z.string(),
  session_key: z.string(),
  /** Generation of the project's derived rows that the row belongs to; null is 0. Rows of other ones than the current are invalid. */
  generation: count.nullable(),
  /** Epoch of the derivation that wrote the row; it is invalid when older than the day's in `derived_days`. */
  epoch: count,
  /** Epoch ms UTC of the first and last event. */
  started_at: count,
  ended_at: count,
  visitor_id: z.string(),
  distinct_id: text,
  events: count,
  pageviews: count,
  engaged_ms: count,
  bounce: z.boolean(),
  entry_path: text,
  exit_path: text,
  hostname: text,
  ...visitShape,
});
export type SessionRow = z.infer<typeof sessionRowSchema>;

/** One value of a dimension in one sealed bucket; a measure that the dimension does not have is null. */
export const rollupRowSchema = z.object({
  project_id: z.string(),
  /** As in sessions. */
  generation: count.nullable(),
  /** As in sessions: invalid when older than the day's in `derived_days`. */
  epoch: count,
  /** `hour` or `day` */
  grain: z.string(),
  dimension: z.string(),
  /** Start of the bucket in the project's zone, epoch ms UTC. */
  bucket: count,
  /** Null is the event's own missing value. */
  value: text,
  events: count.nullable(),
  pageviews: count.nullable(),
  sessions: count.nullable(),
  bounces: count.nullable(),
  duration_ms: count.nullable(),
  /** Distinct anonymous visitors and distinct identified ones; visitors are their sum. */
  anonymous: count.nullable(),
  identified: count.nullable(),
  users: count.nullable(),
  event_sessions: count.nullable(),
  /**
   * Most events or sessions of the value that may be in `(other)`; of `(other)`: of a value without a row. Null when the
   * bucket has no `(other)`.
   */
  error: count.nullable(),
  /**
   * Sketches of the `distinct_id`s, the only members that are the same in all buckets (see
   * worker/pipeline/rollup/sketch.ts).
   */
  identified_sketch: text,
  users_sketch: text,
});
export type SealedRollupRow = z.infer<typeof rollupRowSchema>;
