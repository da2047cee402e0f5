/**
 * The order of merged rows: by project, then time; ties in the order of the inputs.
 * @module
 */
import { DATASETS, type Dataset, type RowOf } from "./columns.ts";
import type { ProjectRanges } from "./encode.ts";
import { columnOfSource, filterRows, type MergeSource } from "./merge-source.ts";

/** For each merged row, its source and its row in it. */
export interface MergeOrder {
  rows: number;
  sources: Uint16Array;
  positions: Uint32Array;
  projects: ProjectRanges;
}

/** A run of one project's rows in one source, sorted by time. */
interface Run {
  source: number;
  next: number;
  end: number;
}

/** Merges the sorted inputs; rows for which `keep` is false are left out. */
export function orderRows<D extends Dataset>(
  dataset: D,
  sources: readonly MergeSource[],
  keep?: (row: RowOf<D>) => boolean,
): MergeOrder {
  const total = sources.reduce((sum, source) => sum + source.group.rows, 0);
  const passing = keep && sources.map((source) => filterRows(dataset, source, keep));
  const times = sources.map((source) => timesOf(dataset, source));
  const order: MergeOrder = {
    rows: 0,
    sources: new Uint16Array(total),
    positions: new Uint32Array(total),
    projects: {},
  };
  const names = new Set(sources.flatMap((source) => Object.keys(source.input.projects)));
  const ranges: [string, ProjectRanges[string]][] = [];
  for (const project of [...names].sort()) {
    const first = order.rows;
    mergeRuns(runsOf(sources, project), times, passing, order);
    if (order.rows === first) continue;
    const timeAt = (row: number) => times[order.sources[row]!]![order.positions[row]!]!;
    ranges.push([project, [first, order.rows - first, timeAt(first), timeAt(order.rows - 1)]]);
  }
  order.projects = Object.fromEntries(ranges);
  return order;
}

function timesOf(dataset: Dataset, source: MergeSource): Float64Array {
  const data = columnOfSource(dataset, source, DATASETS[dataset].time);
  if (data.kind !== "number") throw new Error(`lake: ${dataset} has no timestamp`);
  return data.values;
}

function runsOf(sources: readonly MergeSource[], project: string): Run[] {
  return sources.flatMap(({ input, group }, source) => {
    const range = input.projects[project];
    if (!range) return [];
    const next = Math.max(0, range[0] - group.firstRow);
    const end = Math.min(group.rows, range[0] + range[1] - group.firstRow);
    return next < end ? [{ source, next, end }] : [];
  });
}

function mergeRuns(
  runs: Run[],
  times: readonly Float64Array[],
  passing: readonly Uint8Array[] | undefined,
  order: MergeOrder,
): void {
  let open = runs;
  while (open.length > 0) {
    let first = open[0]!;
    let earliest = times[first.source]![first.next]!;
    for (let i = 1; i < open.length; i++) {
      const run = open[i]!;
      const time = times[run.source]![run.next]!;
      if (time < earliest) {
        first = run;
        earliest = time;
      }
    }
    if (!passing || passing[first.source]![first.next] === 1) {
      order.sources[order.rows] = first.source;
      order.positions[order.rows++] = first.next;
    }
    if (++first.next === first.end) open = open.filter((run) => run !== first);
  }
}
