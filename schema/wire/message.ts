/**
 * Messages of the queue. A request becomes messages of at most 64 KB (the Queue's billing unit); their
 * boundaries are a pure function of the raw event array and their keys are `project/key/0`, `project/key/1`, …,
 * so that a partly sent request can be sent again as a whole.
 * @module
 */
import { z } from "zod";
import { COLUMNS_VERSION } from "./columns";
import { contextSchema, dropReasonSchema, eventBodySchema } from "./row";

/** One billed unit of a Queue: 64 KB with 1 KB = 1,000 bytes (Queues › Platform › Pricing). */
export const MAX_MESSAGE_BYTES = 64_000;

/**
 * Version of the messages that this Worker sends. During a deploy, and after a rollback, consumers meet messages of other
 * versions. Every earlier version stays readable: a new field has a default. A consumer would drop a field that it does
 * not know, so adding one raises the version; a consumer leaves messages of newer versions in the queue. A column of the
 * event raises it by its `since`, any other field by the number here.
 */
export const MESSAGE_VERSION = Math.max(2, COLUMNS_VERSION);

export const messageSchema = z.object({
  version: z.number().int().min(1).max(MESSAGE_VERSION),
  /** `project/key/part`: the idempotency key of everything in this message. */
  key: z.string(),
  project_id: z.string(),
  /** Hash of the request's events when the sender chose the key, else null. The same key with other content is refused. */
  content: z.string().nullable().default(null),
  /** Whether some events have an `event_id` of the sender, which another request may repeat. Since version 2. */
  own_ids: z.boolean().default(true),
  /** `token` when the sender had one; null for public senders. */
  sender: z.literal("token").nullable().default(null),
  /** Epoch ms at the edge; the day of it names the applied table. */
  received_at: z.number().int(),
  contexts: z.array(contextSchema),
  events: z.array(
    eventBodySchema.extend({
      /** Index into `contexts`. */
      context: z.number().int(),
      drop_reason: dropReasonSchema.nullable(),
    }),
  ),
  /** Events of the request that were not stored, by reason; on part 0 only. */
  refused: z.partialRecord(dropReasonSchema, z.number().int()),
});
export type Message = z.infer<typeof messageSchema>;

/** The body of a queue message: the messages of one or several requests, of any projects, at most 64 KB together. */
export type MessageBody = Message | { messages: Message[] };
