/**
 * The pipeline of a project in the API: its progress, and dead letters.
 * @module
 */
import { z } from "zod";
import { strict } from "./strict";

export const deadLetterSchema = z.object({
  id: z.string(),
  /** Idempotency key of the message; null when it was not readable. */
  key: z.string().nullable(),
  /** Why it could not be applied. */
  reason: z.string(),
  /** The message as JSON text. */
  body: z.string(),
  attempts: z.number().int(),
  failed_at: z.number().int(),
  replayed_at: z.number().int().nullable(),
});

export const pipelineSchema = z.object({
  /** Everything accepted before this epoch ms is included; null before the first event. */
  complete_until: z.number().int().nullable(),
  /** Days that wait to be derived again from the lake. */
  days_to_derive: z.number().int(),
  /** Days among them whose numbers could not be computed; they are tried again at `retry_at`. Null when there are none. */
  failing_days: z
    .object({ days: z.number().int(), since: z.number().int(), retry_at: z.number().int() })
    .nullable(),
  dead_letters: z.number().int(),
});

export const rebuildSchema = strict({
  /** ISO 8601; default: the first event. */
  from: z.iso.datetime({ offset: true }).max(64).or(z.iso.date()).optional(),
  /** ISO 8601; default: now. */
  to: z.iso.datetime({ offset: true }).max(64).or(z.iso.date()).optional(),
});
