/**
 * The conversation on a live socket. The server speaks: one `hello`, then `events`, `stats`, `sampled`, `folded`
 * and `synced` in any order. The client only ever sends `ping`, answered `pong` by the runtime without waking
 * the object. A refused socket is closed with 1008 (not allowed) or 1013 (full, try later).
 * @module
 */
import { z } from "zod";

/** An event as people watch it: no hashes, no user agent. */
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
]);
export type Frame = z.infer<typeof frameSchema>;
