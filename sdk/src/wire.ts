/**
 * What goes over the wire, held to the server's own contract by types alone: not a byte of it is bundled.
 * @module
 */
import type { z } from "zod";
import type * as wire from "../../schema/wire/event.ts";

/** An event as it is sent. */
export type SentEvent = z.input<typeof wire.rawEventSchema>;
/** The body of a request; the key stands in the address. */
export type SentBatch = { batch_id: string; events: SentEvent[] } & z.input<typeof wire.ingestBodySchema>;

/** A page was seen. */
export const PAGE_VIEW: typeof wire.PAGE_VIEW = "page_view";
/** A person was named. */
export const IDENTIFY: typeof wire.IDENTIFY = "$identify";
/** A page was viewed for `engaged_ms`. */
export const ENGAGEMENT: typeof wire.ENGAGEMENT = "$engagement";
