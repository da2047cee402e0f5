/**
 * A project's events in order of time, a slice at a time, so that memory does not limit the number of days.
 * @module
 */
import type { EventRow } from "../../../schema/wire/row";
import type { TimeRange } from "../../lib/time";
import { readRows, type SegmentInfo } from "../lake";
import { comparePositions, positionOf } from "../rollup";
import { COUNTED_COLUMNS } from "./event-columns";

/** Target number of rows in a slice. */
const SLICE_ROWS = 20_000;

/** Slices of `[from, to)` in order; rows inside a slice are in order of (timestamp, event_id). */
export async function* readOrdered(
  lake: R2Bucket,
  segments: readonly SegmentInfo[],
  project: string,
  range: TimeRange,
): AsyncIterable<EventRow[]> {
  const overlapping = segments.filter((s) => s.max_time >= range.from && s.min_time < range.to);
  if (!overlapping.length) return;
  const from = Math.max(range.from, Math.min(...overlapping.map((s) => s.min_time)));
  const to = Math.min(range.to, Math.max(...overlapping.map((s) => s.max_time)) + 1);
  for (const slice of slicesOf({ from, to }, overlapping, project)) {
    const rows: EventRow[] = [];
    for (const segment of overlapping) {
      if (segment.max_time < slice.from || segment.min_time >= slice.to) continue;
      for (const row of await readRows(lake, segment, { ...COUNTED_COLUMNS, project, ...slice }))
        rows.push(row);
    }
    rows.sort((a, b) => comparePositions(positionOf(a), positionOf(b)));
    if (rows.length) yield rows;
  }
}

function slicesOf({ from, to }: TimeRange, segments: readonly SegmentInfo[], project: string): TimeRange[] {
  const count = Math.max(1, Math.ceil(estimateRows(segments, project, { from, to }) / SLICE_ROWS));
  const edges = Array.from({ length: count + 1 }, (_, i) => Math.floor(from + ((to - from) * i) / count));
  return edges.slice(1).map((end, i) => ({ from: edges[i] ?? from, to: end }));
}

/**
 * Estimated rows of a project in a range, from the manifest: rows are assumed to be spread evenly over each segment's
 * time.
 */
export function estimateRows(
  segments: readonly SegmentInfo[],
  project: string,
  { from, to }: TimeRange,
): number {
  return segments.reduce((sum, segment) => {
    const span = segment.max_time - segment.min_time + 1;
    const shared = Math.min(segment.max_time + 1, to) - Math.max(segment.min_time, from);
    return sum + (segment.projects[project]?.[1] ?? 0) * Math.max(0, shared / span);
  }, 0);
}
