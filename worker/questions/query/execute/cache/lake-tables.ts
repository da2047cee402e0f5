/**
 * Answers of lake tasks over stretches of time that are over, kept in the isolate. A dashboard that compares with the
 * range before needs the same half day of long ago at every refresh; its key holds all that the answer rests on, so
 * it is never stale.
 * @module
 */

import { AggregateTable } from "../../table/aggregate-table";
import type { LakeTask } from "../lake/scan";
import type { Snapshot } from "../snapshot-store";

/** Tables kept, and the most that one may weigh. */
const MOST = 256;
const MAX_SERIES = 2_000;
const MAX_BYTES = 256 * 1024;

const kept = new Map<string, AggregateTable>();

/**
 * What a task's answer rests on: the task, the segments it reads, and every derivation of the project (a late
 * identify event can make users of events that it does not touch). Null while sessions in its range are open.
 */
export function memoKey(project: string, task: LakeTask, snapshot: Snapshot): string | null {
  const { reads, plan, filter, precision } = task;
  const { sessions: sessionRead, events: eventRead, mart: martRead } = reads;
  if (
    sessionRead &&
    snapshot.openSessions.some((s) => sessionRead.from <= s.started_at && s.started_at < sessionRead.to)
  )
    return null;
  const within = (read: typeof eventRead, segments: Snapshot["events"]) =>
    read ? segments.filter((s) => s.max_time >= read.from && s.min_time < read.to).map(({ id }) => id) : [];
  const derivations = [...snapshot.derived.values()].reduce((sum, epoch) => sum + epoch, 0);
  return JSON.stringify([
    project,
    snapshot.standing.timezone,
    derivations,
    within(eventRead, snapshot.events),
    within(sessionRead, snapshot.sessions),
    martRead ? within(martRead, snapshot.marts.get(martRead.level)?.segments ?? []) : [],
    plan.ask,
    plan.edges,
    filter,
    precision,
  ]);
}

/** The kept table, or undefined. It must only be read. */
export function recall(key: string): AggregateTable | undefined {
  const table = kept.get(key);
  if (table) {
    // Last used goes last, so that the first is the one to forget.
    kept.delete(key);
    kept.set(key, table);
  }
  return table;
}

/** Keeps a table if it is small. */
export function remember(key: string, table: AggregateTable): void {
  if (table.series.size > MAX_SERIES) return;
  const compact = new AggregateTable(table.ask, table.precision);
  compact.merge(table);
  if (compact.room.used > MAX_BYTES) return;
  kept.set(key, compact);
  const [oldest] = kept.keys();
  if (kept.size > MOST && oldest !== undefined) kept.delete(oldest);
}
