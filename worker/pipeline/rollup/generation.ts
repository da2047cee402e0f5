/**
 * Which derived rows of the lake are valid.
 * @module
 */
import { generationOf } from "../../../schema/tables/generation";
import { bucketStart } from "../../lib/time";

/** Whether a row at `time` with an epoch is valid. */
export type Validity = (time: number, epoch: number) => boolean;

/**
 * Validity of the rows of a generation: those of no other generation, and not older than the last derivation of their day.
 * `derived`: start of a day → epoch of its last derivation.
 */
export function validityOf(generation: number, derived: ReadonlyMap<number, number>, zone: string): Validity {
  return (time, epoch) =>
    generationOf(epoch) === generation &&
    (derived.size === 0 || epoch >= (derived.get(bucketStart(time, "day", zone)) ?? 0));
}
