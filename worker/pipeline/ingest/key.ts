/**
 * The idempotency key of a request. The same key for the same project changes nothing the second time.
 * @module
 */
import { ulid } from "ulid";
import { hash128 } from "./hash";

/** Where a key can come from, in this order. */
export interface KeySource {
  /** The `Idempotency-Key` header. */
  header: string | null;
  batch_id: string | undefined;
  /** Raw events: when each has an `event_id`, their hash is the key. */
  events: unknown[];
  /** Epoch ms, for a generated key. */
  now: number;
}

/** Prefixes reserved for generated keys: imports, restored events, and requests refused as a whole. */
const RESERVED = /^(import|restore|refused)-/;

/**
 * The key of an import. Its space is apart from that of public keys: a sender without a token must not make an import
 * count as repeated.
 */
export const importKeyOf = (key: string): string => `import-${key}`;

/** The request's key as used in message keys: without `/`, at most 64 characters. */
export function requestKeyOf({ header, batch_id, events, now }: KeySource): string {
  const stated = header?.trim() || batch_id;
  if (stated)
    return /^[\w.:-]{1,64}$/.test(stated) && !RESERVED.test(stated) ? stated : hash128("key", stated);
  const ids = events.map(eventIdOf);
  return ids.every((id) => id !== null) ? hash128("ids", ...ids) : ulid(now);
}

function eventIdOf(event: unknown): string | null {
  if (typeof event !== "object" || event === null || !("event_id" in event)) return null;
  return typeof event.event_id === "string" && event.event_id !== "" ? event.event_id : null;
}
