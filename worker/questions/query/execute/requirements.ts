/**
 * What plans need to read.
 * @module
 */
import { DEPTHS, type RollupSpan } from "../../../pipeline/rollup";
import { type Cost, costOf, rowsIn, type ScanPart, type Task } from "../plan/cost";
import type { LakePlan, MartRead, Read } from "../plan/lake-plan";
import { clustersOf, martClustersOf } from "../plan/passes";
import type { Snapshot, SnapshotRequest } from "./snapshot-store";

/** The passes of scans, each with the segments of the snapshot that it reads. */
export function scanParts(scans: readonly LakePlan[], snapshot: Snapshot): ScanPart[] {
  const folded = (["events", "sessions"] as const).flatMap((dataset) =>
    clustersOf(scans, ({ reads }) => reads[dataset]).map(({ read }) => ({
      dataset,
      read,
      segments: snapshot[dataset],
    })),
  );
  const built = martClustersOf(scans, ({ reads }) => reads.mart).map(({ read, level }) => ({
    dataset: level,
    read,
    segments: snapshot.marts.get(level)?.segments ?? [],
  }));
  return [...folded, ...built];
}

/** Estimates what scans over a snapshot cost. */
export class CostEstimate {
  readonly #tasks = new Map<LakePlan, Task>();

  constructor(readonly snapshot: Snapshot) {}

  /** What scans cost together: their passes, and each of them on its own rows. */
  of(scans: readonly LakePlan[]): Cost {
    return costOf(
      scanParts(scans, this.snapshot),
      scans.map((scan) => this.#taskOf(scan)),
    );
  }

  #taskOf(plan: LakePlan): Task {
    const known = this.#tasks.get(plan);
    if (known) return known;
    const task = { plan, rows: this.#rowsOf(plan) };
    this.#tasks.set(plan, task);
    return task;
  }

  #rowsOf({ reads: { events, sessions, mart } }: LakePlan): number {
    const { snapshot } = this;
    if (mart) return rowsIn({ read: mart, segments: snapshot.marts.get(mart.level)?.segments ?? [] });
    return Math.max(
      events ? rowsIn({ read: events, segments: snapshot.events }) : 0,
      sessions ? rowsIn({ read: sessions, segments: snapshot.sessions }) : 0,
    );
  }
}

/** The longest range of scans, ms. */
export const lengthOf = (scans: readonly LakePlan[]) =>
  Math.max(0, ...scans.map(({ range }) => range.to - range.from));

/** The snapshot that scans need. */
export function snapshotFor(scans: readonly LakePlan[]): SnapshotRequest {
  const marts = Map.groupBy(
    scans.flatMap(({ reads }) => reads.mart ?? []),
    ({ level }) => level,
  );
  return {
    spans: [],
    events: extentOf(scans.flatMap(({ reads }) => reads.events ?? [])),
    sessions: extentOf(scans.flatMap(({ reads }) => reads.sessions ?? [])),
    rollups: null,
    marts: [...marts].flatMap(([level, reads]: [MartRead["level"], MartRead[]]) => {
      const extent = extentOf(reads);
      return extent ? [{ level, ...extent }] : [];
    }),
  };
}

/** The range from the first to the last of several. */
function extentOf(reads: readonly Read[]): { from: number; to: number } | null {
  if (!reads.length) return null;
  return { from: Math.min(...reads.map(({ from }) => from)), to: Math.max(...reads.map(({ to }) => to)) };
}

/** Merges spans that overlap. A merged span is read as deep as the deepest of them. */
export function distinctSpans(spans: readonly RollupSpan[]): RollupSpan[] {
  const bySeries = Map.groupBy(spans, ({ grain, dimension }) => `${grain} ${dimension}`);
  return [...bySeries.values()].flatMap((same) => {
    const merged: RollupSpan[] = [];
    for (const span of same.toSorted((a, b) => a.from - b.from)) {
      const last = merged.at(-1);
      if (last && (span.from < last.to || (span.from === last.to && span.depth === last.depth))) {
        last.to = Math.max(last.to, span.to);
        if (DEPTHS.indexOf(span.depth) > DEPTHS.indexOf(last.depth)) last.depth = span.depth;
      } else merged.push({ ...span });
    }
    return merged;
  });
}
