/**
 * One ask on its way to a table: its plan, and what is left for the lake.
 * @module
 */
import { DEPTHS, type RollupSpan } from "../../../pipeline/rollup";
import { isRefusal, type Refusal } from "../parse/refusal";
import type { Part } from "../plan/budget";
import { type LakePlan, type Plan, plan, type Setting } from "../plan/plan";
import { clustersOf, type MartRead, martClustersOf, type Read, readsOf, splitFilter } from "../plan/reads";
import type { AsksOf, Subquery } from "../plan/subquery";
import type { AggregateTable } from "../table/aggregate-table";
import type { LakeTask } from "./lake/scan";
import type { Snapshot, SnapshotRequest } from "./snapshot-store";

/** One ask with what is known about it so far. */
export interface Execution {
  ask: Subquery;
  plan: Plan;
  table: AggregateTable | null;
  fromLake: boolean;
  rowsRead: number;
  bytesRead: number;
  tasks: LakeTask[];
  /** Why the lake cannot answer it. */
  refusal: Refusal | null;
}

export const keyOf = (ask: Subquery) => JSON.stringify(ask);

/** A job that has just been planned. */
export function makeJob(ask: Subquery, setting: Setting): Execution {
  const planned = plan(ask, setting);
  const fresh = { table: null, fromLake: false, rowsRead: 0, bytesRead: 0, tasks: [], refusal: null };
  const job: Execution = { ask, plan: planned, ...fresh };
  if (planned.store === "lake") addTask(job, planned);
  return job;
}

/** Totals come with rows that rollups answer as far as rollups answer them too; the others are null. */
export function cheapenTotals(asks: AsksOf, setting: Setting): void {
  const isCheap = (measure: string) =>
    plan({ ...asks.totals, measures: [measure] }, setting).store === "rollup";
  const measures = asks.totals.measures.filter(isCheap);
  asks.totals = { ...asks.totals, measures };
  asks.comparedTotals = asks.comparedTotals && { ...asks.comparedTotals, measures };
}

/** Leaves a stretch, or all of an ask, to the lake. */
export function addTask(job: Execution, lakePlan: LakePlan, precision?: LakeTask["precision"]): void {
  const filter = splitFilter(lakePlan.ask);
  if (isRefusal(filter)) job.refusal = filter;
  else job.tasks.push({ plan: lakePlan, filter, reads: readsOf(lakePlan.ask, filter), precision });
}

/** What tasks read of a snapshot, pass by pass. */
export function partsOf(tasks: readonly LakeTask[], snapshot: Snapshot): Part[] {
  const folded = (["events", "sessions"] as const).flatMap((dataset) =>
    clustersOf(tasks, ({ reads }) => reads[dataset]).map(({ read }) => ({
      read,
      segments: snapshot[dataset],
    })),
  );
  const built = martClustersOf(tasks, ({ reads }) => reads.mart).map(({ read, level }) => ({
    read,
    segments: snapshot.marts.get(level)?.segments ?? [],
  }));
  return [...folded, ...built];
}

/** What the shard has to hold for tasks. */
export function wantedBy(tasks: readonly LakeTask[]): SnapshotRequest {
  const marts = Map.groupBy(
    tasks.flatMap(({ reads }) => reads.mart ?? []),
    ({ level }) => level,
  );
  return {
    spans: [],
    events: extentOf(tasks.flatMap(({ reads }) => reads.events ?? [])),
    sessions: extentOf(tasks.flatMap(({ reads }) => reads.sessions ?? [])),
    rollups: null,
    marts: [...marts].flatMap(([level, reads]: [MartRead["level"], MartRead[]]) => {
      const extent = extentOf(reads);
      return extent ? [{ level, ...extent }] : [];
    }),
  };
}

/** From the first to the last of several stretches. */
function extentOf(reads: readonly Read[]): { from: number; to: number } | null {
  if (!reads.length) return null;
  return { from: Math.min(...reads.map(({ from }) => from)), to: Math.max(...reads.map(({ to }) => to)) };
}

/** Spans without those that lie in another one; one that takes in several is read as deep as the deepest. */
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
