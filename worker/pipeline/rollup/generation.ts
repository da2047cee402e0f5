/**
 * Which derived rows of the lake are valid.
 * @module
 */
import { bucketStart } from "../../lib/time";

/** Whether a row at `time` is valid. `generation`: null and NaN are 0. */
export type Validity = (time: number, epoch: number, generation: number | null) => boolean;

/**
 * Validity of the rows of a generation: those of no other generation, and not older than the last derivation of their day.
 * `derived`: start of a day → epoch of its last derivation.
 */
export function validityOf(current: number, derived: ReadonlyMap<number, number>, zone: string): Validity {
  return (time, epoch, generation) =>
    (generation || 0) === current &&
    (derived.size === 0 || epoch >= (derived.get(bucketStart(time, "day", zone)) ?? 0));
}
