/**
 * The body of an ingest request and its response.
 * Limits are those of the public contract; a request that exceeds one is refused with its path and code.
 * @module
 */
import { z } from "zod";

/** Most events of one request. */
export const MAX_EVENTS = 500;
/** Largest request body, after decompression. */
export const MAX_BODY_BYTES = 1024 * 1024;
/** Largest `properties` of one event as JSON. */
export const MAX_PROPERTIES_BYTES = 32 * 1024;

/** Reserved event names. Names with `$` are reserved for the product; `page_view` is a common convention. */
export const PAGE_VIEW = "page_view";
/** Names a `distinct_id` as a person; its properties are the person's traits. */
export const IDENTIFY = "$identify";
/** Time a page was actively viewed: property `engaged_ms`. Updates sessions and is not counted as an event. */
export const ENGAGEMENT = "$engagement";

const text = (max: number) => z.string().trim().min(1).max(max);
const optional = <T extends z.ZodType>(schema: T) => schema.nullish().transform((v) => v ?? undefined);

/** One event as sent. Unknown keys are ignored. */
export const rawEventSchema = z.object({
  event: text(255),
  properties: optional(z.record(z.string().max(255), z.json())),
  distinct_id: optional(text(255)),
  session_id: optional(text(64)),
  page_url: optional(z.string().max(4096)),
  referrer: optional(z.string().max(4096)),
  /** ISO 8601 or epoch milliseconds. */
  timestamp: optional(
    z.union([z.iso.datetime({ offset: true, local: true }).max(64), z.number().int().positive()]),
  ),
  /** Stored as UTF-8, where all halves of surrogate pairs are the same character. */
  event_id: optional(text(64).refine((id) => id.isWellFormed(), "half of a surrogate pair")),
  title: optional(z.string().max(512)),
  language: optional(z.string().max(35)),
  /** `1440x900` */
  screen: optional(z.string().max(16)),
});

/** Context of an imported event; for events of browsers the edge provides it. */
export const rawContextSchema = z.object({
  user_agent: optional(z.string().max(1024)),
  ip: optional(z.string().max(64)),
  country: optional(z.string().length(2).toUpperCase()),
  region: optional(z.string().max(128)),
  city: optional(z.string().max(128)),
});
export type RawContext = z.infer<typeof rawContextSchema>;

export const importEventSchema = rawEventSchema.extend({ context: optional(rawContextSchema) });
/** One event as sent. `context` is read only in imports. */
export type RawEvent = z.infer<typeof importEventSchema>;

/** The request body. Events are checked one by one, so that one bad event does not affect the others. */
export const ingestBodySchema = z.object({
  events: z.array(z.unknown()).min(1).max(MAX_EVENTS),
  batch_id: optional(text(64)),
  api_key: optional(text(128)),
});
export type IngestBody = z.infer<typeof ingestBodySchema>;

export const rejectionSchema = z.object({
  index: z.number().int(),
  code: z.string(),
  message: z.string(),
  /** Path of the offending field inside the event, e.g. `properties` or `timestamp`. */
  field: z.string().optional(),
});
export type Rejection = z.infer<typeof rejectionSchema>;

/**
 * 202: `accepted` events are durable. Bots and other dropped events are accepted, then excluded from the statistics.
 */
export const ingestAnswerSchema = z.object({
  accepted: z.number().int(),
  rejected: z.array(rejectionSchema),
});
export type IngestAnswer = z.infer<typeof ingestAnswerSchema>;
