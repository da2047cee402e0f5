/**
 * Tables of scans over ranges that are over. A dashboard with a comparison needs the same half day of the compared range at
 * every refresh. The key contains everything that the table depends on, so an entry is never out of date.
 * @module
 */
import { Lru } from "../../../../lib/lru";
import type { LakePlan } from "../../plan/lake-plan";
import { AggregateTable } from "../../table/aggregate-table";
import type { Snapshot } from "../snapshot-store";

/** Lines and bytes that a cached table may have. */
const MAX_SERIES = 2_000;
const MAX_BYTES = 2 ** 20;

const tables = new Lru<string, AggregateTable>({
  maxSize: 24 * 2 ** 20, // bytes
  sizeOf: ({ memory }, key) => memory.used + 2 * key.length,
});

/**
 * Returns the cache key of a scan: the scan, the segments that it reads, and all derivations of the project, as a late
 * identify event can make users of events in other segments. Null while sessions in its range are open.
 */
export function lakeTableKey(project: string, scan: LakePlan, snapshot: Snapshot): string | null {
  const { reads, subquery, edges, range, filter, precision } = scan;
  const { sessions: sessionRead, events: eventRead, mart: martRead } = reads;
  if (
    sessionRead &&
    snapshot.openSessions.starts.some((start) => sessionRead.from <= start && start < sessionRead.to)
  )
    return null;
  const within = (read: typeof eventRead, segments: Snapshot["events"]) =>
    read ? segments.filter((s) => s.max_time >= read.from && s.min_time < read.to).map(({ id }) => id) : [];
  const derivations = [...snapshot.derived.values()].reduce((sum, epoch) => sum + epoch, 0);
  return JSON.stringify([
    project,
    snapshot.project.generation,
    snapshot.project.timezone,
    derivations,
    within(eventRead, snapshot.events),
    within(sessionRead, snapshot.sessions),
    martRead ? within(martRead, snapshot.marts.get(martRead.level)?.segments ?? []) : [],
    subquery,
    edges,
    range,
    filter,
    precision,
  ]);
}

/** Returns the cached table. It must not be changed. */
export function cachedLakeTable(key: string): AggregateTable | undefined {
  return tables.get(key);
}

/** Caches a table unless it is too large. */
export function cacheLakeTable(key: string, table: AggregateTable): void {
  if (table.series.size > MAX_SERIES) return;
  const compact = new AggregateTable(table.subquery, table.precision);
  compact.merge(table);
  if (!compact.isFolded && compact.memory.used <= MAX_BYTES) tables.set(key, compact);
}
