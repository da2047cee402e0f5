/**
 * Removes rows from the lake.
 * @module
 */
import type { Stores } from "../../lib/stores";
import { replaceSegment } from "../commits";
import { type Dataset, type Rewritten, type RowOf, rewriteSegment, type SegmentInfo } from "../lake";

/**
 * Writes a segment with the rows that satisfy `keep`, which are asked in their order, and lets its commit point to the
 * new one, in one transaction with `statements`. Null when the segment was replaced meanwhile.
 */
export function keepRows<D extends Dataset>(
  { db, lake }: Stores,
  segment: SegmentInfo & { dataset: D },
  now: number,
  keep: (row: RowOf<D>) => boolean,
  statements: D1PreparedStatement[] = [],
): Promise<Rewritten | null> {
  const { id, dataset, level, seq } = segment;
  const isCommitted = dataset === "events" && level === 0;
  return rewriteSegment(db, lake, segment, {
    dataset,
    now,
    keep,
    also: (after) => [
      ...(isCommitted ? [replaceSegment(db, seq, id, after.segment?.id ?? null)] : []),
      ...statements,
    ],
  });
}

/** Removes the rows at `positions`; see `keepRows`. */
export function removeRows(
  stores: Stores,
  segment: SegmentInfo,
  positions: Pick<ReadonlySet<number>, "has">,
  now: number,
  statements: D1PreparedStatement[] = [],
): Promise<Rewritten | null> {
  let position = 0;
  return keepRows(stores, segment, now, () => !positions.has(position++), statements);
}
