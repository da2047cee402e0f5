/**
 * Covers a range by the buckets that rollups store.
 * @module
 */
import { bucketStart, type Grain, nextBucket, type TimeRange } from "../../../lib/time";

/** Whole days, and hours where a day would exceed the range. Runs in ascending order. */
export interface Cover {
  days: TimeRange[];
  hours: TimeRange[];
}

/** Most rows of hours that one query may read of a dimension: 92 days. */
const MAX_HOURS = 92 * 25;

/**
 * Bucket edges of `zone` in `[from, to]`, both included: `edges[i]` to `edges[i + 1]` is one row of the answer.
 * Without a grain the range is one row.
 */
export function edgesOf({ from, to }: TimeRange, grain: Grain | null, zone: string): number[] {
  const edges = [from];
  if (grain) {
    for (let next = nextBucket(from, grain, zone); next < to; next = nextBucket(next, grain, zone))
      edges.push(next);
  }
  edges.push(to);
  return edges;
}

/** The buckets, in `zone`, that add up to each range between edges; null when there are none. */
export function cover(edges: readonly number[], grain: Grain | null, zone: string): Cover | null {
  const days: TimeRange[] = [];
  const hours: TimeRange[] = [];
  for (let i = 0; i + 1 < edges.length; i++) {
    const from = edges[i]!;
    const to = edges[i + 1]!;
    if (grain === "hour") {
      extend(hours, from, to);
      continue;
    }
    const firstDay = bucketStart(from, "day", zone) === from ? from : nextBucket(from, "day", zone);
    const lastDay = bucketStart(to, "day", zone);
    if (firstDay < lastDay) {
      extend(hours, from, firstDay);
      extend(days, firstDay, lastDay);
      extend(hours, lastDay, to);
    } else extend(hours, from, to);
  }
  const isHour = (time: number) => bucketStart(time, "hour", zone) === time;
  const cut = grain === "hour" ? edges : hours.flatMap(({ from, to }) => [from, to]);
  if (!cut.every(isHour)) return null;
  const rows = hours.reduce((sum, { from, to }) => sum + (to - from) / 3_600_000, 0);
  return rows <= MAX_HOURS ? { days, hours } : null;
}

/** Adds a range, joined to the last one if adjacent. */
function extend(ranges: TimeRange[], from: number, to: number): void {
  if (from >= to) return;
  const last = ranges.at(-1);
  if (last?.to === from) last.to = to;
  else ranges.push({ from, to });
}
