/**
 * The protocol of a live socket. The server sends one `hello`, then `events`, `stats`, `sampled`, `folded`, `syncing`,
 * `synced`, `presence` and `changed` in any order. The client sends `ping`, answered `pong` by the runtime without
 * waking the object, and `at` when the page shows another dashboard. A refused socket is closed with 1008 (not allowed)
 * or 1013 (full, try later).
 * @module
 */
import { z } from "zod";
import { presenceSchema } from "./discussion";
import { SYNC_STATUSES, syncProgressSchema } from "./source";

/** Most people that a `presence` frame names. */
export const MAX_PRESENT = 50;

/** An event as displayed: no hashes, no user agent. */
export const liveEventSchema = z.object({
  event_id: z.string(),
  event: z.string(),
  timestamp: z.number().int(),
  distinct_id: z.string().nullable(),
  path: z.string().nullable(),
  hostname: z.string().nullable(),
  source: z.string().nullable(),
  country: z.string().nullable(),
  city: z.string().nullable(),
  browser: z.string().nullable(),
  os: z.string().nullable(),
  device: z.string().nullable(),
  properties: z.record(z.string(), z.json()).nullable(),
});
export type LiveEvent = z.infer<typeof liveEventSchema>;

export const frameSchema = z.discriminatedUnion("type", [
  z.object({ type: z.literal("hello"), recent: z.array(liveEventSchema), visitors_now: z.number().int() }),
  z.object({ type: z.literal("events"), events: z.array(liveEventSchema) }),
  z.object({ type: z.literal("stats"), visitors_now: z.number().int(), events_per_minute: z.number().int() }),
  z.object({ type: z.literal("sampled"), kept: z.number().int(), of: z.number().int() }),
  z.object({ type: z.literal("folded"), complete_until: z.number().int() }),
  z.object({ type: z.literal("synced"), source: z.string(), at: z.number().int() }),
  /** How far a run has come; the last one has the final status. */
  z.object({
    type: z.literal("syncing"),
    source: z.string(),
    run: z.string(),
    status: z.enum(SYNC_STATUSES),
    progress: syncProgressSchema,
  }),
  /** Everyone who is online, each once; of more than `MAX_PRESENT` people a part, those on a dashboard first. */
  z.object({ type: z.literal("presence"), people: z.array(presenceSchema), count: z.number().int() }),
  z.object({
    type: z.literal("changed"),
    what: z.enum(["dashboard", "comments", "annotations", "metrics"]),
    /** Id of the dashboard (also for `comments`), the annotation or the metric. */
    id: z.string(),
    /** Of a dashboard or a metric; absent when it was deleted. */
    version: z.number().int().optional(),
    /** `user_id` of the author of the change. */
    by: z.string(),
  }),
]);
export type Frame = z.infer<typeof frameSchema>;
export type ChangedFrame = Extract<Frame, { type: "changed" }>;
export type SyncingFrame = Extract<Frame, { type: "syncing" }>;

/** Sent by the client: the dashboard it shows; null for any other page. */
export const atSchema = z.object({
  type: z.literal("at"),
  dashboard_id: z.string().min(1).max(64).nullable(),
});
export type AtFrame = z.infer<typeof atSchema>;
