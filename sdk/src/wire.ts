/**
 * Types of requests, checked against the server's contract by types only: nothing of it is bundled.
 * @module
 */
import type { z } from "zod";
import type * as wire from "../../schema/wire/event.ts";

/** An event as sent. */
export type SentEvent = z.input<typeof wire.rawEventSchema>;
/** The body of a request; the key is in the URL. */
export type SentBatch = { batch_id: string; events: SentEvent[] } & z.input<typeof wire.ingestBodySchema>;

/** A page view. */
export const PAGE_VIEW: typeof wire.PAGE_VIEW = "page_view";
/** Identification of a person. */
export const IDENTIFY: typeof wire.IDENTIFY = "$identify";
/** Time a page was viewed, `engaged_ms`. */
export const ENGAGEMENT: typeof wire.ENGAGEMENT = "$engagement";
