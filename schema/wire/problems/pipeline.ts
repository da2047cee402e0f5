/**
 * Problems of sending and importing events.
 * @module
 */
import type { ProblemTable } from "./table";

export const PIPELINE_PROBLEMS = {
  invalid_key: [401, "The API key is unknown"],
  idempotency_key_reused: [409, "The idempotency key was used with other content"],
  origin_not_allowed: [403, "This origin may not send events to the project"],
} as const satisfies ProblemTable;
