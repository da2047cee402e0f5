/**
 * The idempotency key of a request. The same key for the same project changes nothing the second time; with other
 * content it is refused.
 * @module
 */
import { ulid } from "ulid";
import { hash132, hashText } from "./hash";

/** Where a key can come from, in this order. */
export interface KeySource {
  /** The `Idempotency-Key` header. */
  header: string | null;
  batch_id: string | undefined;
  /** Raw events: when each has an `event_id`, the key is their hash. */
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

/** A request's key as used in message keys: without `/`, at most 64 characters. */
export interface RequestKey {
  key: string;
  /** 66 bits of a hash of the raw events when the sender chose the key; null for a key made here. */
  content: string | null;
}

/** Returns the key that the sender chose, else one made of the events when each has an `event_id`, else a new one. */
export function requestKeyOf({ header, batch_id, events, now }: KeySource): RequestKey {
  const stated = header?.trim() || batch_id;
  if (stated) {
    const isUsable = /^[\w.:-]{1,64}$/.test(stated) && !RESERVED.test(stated);
    return { key: isUsable ? stated : hash132("key", stated), content: contentOf(events).slice(0, 11) };
  }
  return { key: events.every(hasId) ? contentOf(events) : ulid(now, random), content: null };
}

/** Random bytes that are not used yet. The package would ask the system for one byte sixteen times an id. */
const pool = new Uint8Array(1024);
let unused = 0;

/** A random number from 0 to less than 1, with 8 random bits. */
function random(): number {
  if (unused === 0) {
    crypto.getRandomValues(pool);
    unused = pool.length;
  }
  return pool[--unused]! / 256;
}

const contentOf = (events: unknown[]) => hashText(`events ${JSON.stringify(events)}`);

function hasId(event: unknown): boolean {
  if (typeof event !== "object" || event === null || !("event_id" in event)) return false;
  return typeof event.event_id === "string" && event.event_id !== "";
}
