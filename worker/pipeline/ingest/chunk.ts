/**
 * Cuts a request into messages.
 * @module
 */
import { MAX_EVENT_BYTES } from "./limits";

/**
 * Returns the message that each event belongs to, from upper bounds of their bytes, filled in order. Rejected events
 * count 0 bytes. A pure function of `sizes`, which depend only on the raw events: a request that is sent again after
 * being partly sent has its events in the same messages under the same keys.
 */
export function partsOf(sizes: number[]): number[] {
  let part = 0;
  let filled = 0;
  return sizes.map((size) => {
    if (filled + size > MAX_EVENT_BYTES) {
      part++;
      filled = 0;
    }
    filled += size;
    return part;
  });
}
