/**
 * Size limits of this module, beside the public ones in schema/wire/event.ts.
 * @module
 */
import { MAX_MESSAGE_BYTES } from "../../../schema/wire/message";

/** Longest `page_url` stored, in characters of its percent-encoded (ASCII) form. */
export const MAX_PAGE_URL = 2048;
/** Longest `path` stored. */
export const MAX_PATH = 1024;
/** Longest `referrer` stored. */
export const MAX_REFERRER = 1024;
/** Longest source and utm_* value stored, in characters. */
export const MAX_TAG = 255;

/**
 * Bytes in each message reserved for everything but its events: key, project, counts of refused events, the edge's own
 * context (user agent of 512 characters and place names of 128, at up to three bytes each) and about 100 bytes that the
 * Queue adds (Queues › Platform › Limits).
 */
export const MESSAGE_ALLOWANCE = 4_500;
/** Most bytes that one event may take. */
export const MAX_EVENT_BYTES = MAX_MESSAGE_BYTES - MESSAGE_ALLOWANCE;
