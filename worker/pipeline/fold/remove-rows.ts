/**
 * Removes rows of events from the lake.
 * @module
 */
import type { Stores } from "../../lib/stores";
import { replaceSegment } from "../commits";
import { type Rewritten, rewriteSegment, type SegmentInfo } from "../lake";

/**
 * Writes a segment without the rows at `positions` and lets its commit point to the new one, in one transaction. Null
 * when the segment was replaced meanwhile.
 */
export function removeRows(
  { db, lake }: Stores,
  segment: SegmentInfo,
  positions: ReadonlySet<number>,
  now: number,
): Promise<Rewritten | null> {
  const { id, level, seq } = segment;
  let position = 0;
  return rewriteSegment(db, lake, segment, {
    dataset: "events",
    now,
    keep: () => !positions.has(position++),
    also: (after) => (level === 0 ? [replaceSegment(db, seq, id, after.segment?.id ?? null)] : []),
  });
}
