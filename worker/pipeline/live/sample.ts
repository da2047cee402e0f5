/**
 * Sampling, when a stream is faster than a person can read. Both paths into a room select the same events, because the
 * choice depends only on the event's id.
 * @module
 */

/** About as many rows as a person can follow; more only scroll by. */
export const READABLE_PER_SECOND = 30;

/** Whether an event is among the one in `keep` that are shown. */
export function isSampled(eventId: string, keep: number): boolean {
  return keep <= 1 || fnv1a(eventId) % keep === 0;
}

/** Returns `keep`, a power of two, such that one in `keep` of `perSecond` events can be read. */
export function sampleRateFor(perSecond: number): number {
  if (perSecond <= READABLE_PER_SECOND) return 1;
  return 2 ** Math.ceil(Math.log2(perSecond / READABLE_PER_SECOND));
}

/** FNV-1a, 32 bits (RFC 9923), with the finisher of MurmurHash3 so that the low bits of similar ids differ. */
function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
