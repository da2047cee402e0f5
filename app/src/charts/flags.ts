/**
 * Flags on the axis of a time chart, and the bucket of each.
 * @module
 */

/** An annotation of a moment or of a time range. */
export interface Flag {
  id: string;
  /** Epoch ms. */
  at: number;
  /** Epoch ms, the end of a range; null for a moment. */
  until: number | null;
  text: string;
  /** Kind of event; each kind has a color. */
  kind: string;
}

/** Flags of one bucket. */
export interface Pole {
  /** Index of the bucket. */
  index: number;
  flags: Flag[];
}

/** Index of the bucket that holds a moment; -1 when it lies outside. `starts` ascend, the last bucket ends at `end`. */
export function bucketAt(starts: readonly number[], end: number, moment: number): number {
  if (moment >= end) return -1;
  let found = -1;
  for (let index = 0; index < starts.length && starts[index]! <= moment; index++) found = index;
  return found;
}

/** One pole per bucket that has flags, from left to right. A range that began before the chart is at its first bucket. */
export function polesOf(flags: readonly Flag[], starts: readonly number[], end: number): Pole[] {
  const poles = new Map<number, Flag[]>();
  const first = starts[0];
  if (first === undefined) return [];
  for (const flag of flags) {
    const reaches = flag.at < first && flag.until !== null && flag.until > first;
    const index = reaches ? 0 : bucketAt(starts, end, flag.at);
    if (index >= 0) poles.set(index, [...(poles.get(index) ?? []), flag]);
  }
  return [...poles]
    .sort(([a], [b]) => a - b)
    .map(([index, flags]) => ({ index, flags: flags.sort((a, b) => a.at - b.at) }));
}

/** Flags of a bucket. */
export function flagsAt(poles: readonly Pole[] | undefined, at: number | undefined): Flag[] {
  return poles?.find(({ index }) => index === at)?.flags ?? [];
}
