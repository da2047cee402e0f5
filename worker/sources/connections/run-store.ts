/**
 * Runs in the control database, and the lease that lets one of them at a time write to its source.
 * @module
 */
import { and, desc, eq, exists, getTableColumns, isNull, lt, lte, or, type SQL, sql } from "drizzle-orm";
import { type DrizzleD1Database, drizzle } from "drizzle-orm/d1";
import { sources, syncRuns } from "../../../schema/tables/sources";
import type {
  SourceErrorInfo,
  SyncProgress,
  SyncRun,
  SyncStatus,
  SyncTrigger,
} from "../../../schema/wire/source";
import { insertWhen } from "../../lib/sql";

/** Duration of a run's lease; it is renewed every 30 s. */
export const LEASE_MS = 2 * 60_000;

const { project_id: _, ...COLUMNS } = getTableColumns(syncRuns);

const LEASE_LOST_MESSAGE = "The sync stopped unexpectedly. The next sync continues where it stopped.";

/** A run, and its source. */
interface RunOfSource {
  id: string;
  source: string;
}

/** The condition for the source while the run has its lease. */
const holdsLease = ({ id, source }: RunOfSource): SQL | undefined =>
  and(eq(sources.id, source), eq(sources.lease, id));

/**
 * Begins a run: takes the lease, ends runs that have lost it, inserts the new one. Returns false when another run has the
 * lease. The next scheduled sync is counted from now.
 */
export async function beginRun(
  control: D1Database,
  run: RunOfSource & { project: string; trigger: SyncTrigger },
  now: number,
): Promise<boolean> {
  const db = drizzle(control);
  const isTaken = exists(db.select({ id: sources.id }).from(sources).where(holdsLease(run)));
  const [taken] = await db.batch([
    takeLease(db, run, now),
    endRunsOf(db, run.source, isTaken, now),
    insertWhen(
      db,
      syncRuns,
      {
        id: run.id,
        source_id: run.source,
        project_id: run.project,
        trigger: run.trigger,
        status: "running",
        started_at: now,
      },
      isTaken,
    ),
  ]);
  return taken.meta.changes > 0;
}

function takeLease(db: DrizzleD1Database, { id, source }: RunOfSource, now: number) {
  const next_sync_at = sql`CASE WHEN ${sources.status} = 'active' THEN ${now} + ${sources.interval_ms} END`;
  return db
    .update(sources)
    .set({ lease: id, lease_until: now + LEASE_MS, next_sync_at })
    .where(and(eq(sources.id, source), or(isNull(sources.lease), lte(sources.lease_until, now))));
}

/** The statement that ends the open runs of a source, whose lease another run has taken. */
function endRunsOf(db: DrizzleD1Database, source: string, isTaken: SQL, now: number) {
  const error: SourceErrorInfo = { code: "internal", message: LEASE_LOST_MESSAGE, stream: null, at: now };
  return db
    .update(syncRuns)
    .set({ status: "failed", ended_at: now, error, next_attempt_at: null })
    .where(and(eq(syncRuns.source_id, source), isNull(syncRuns.ended_at), isTaken));
}

/** Extends the lease until a time. Returns false when the run lost it or was ended: it must stop. */
export async function renewLease(
  control: D1Database,
  source: string,
  run: string,
  until: number,
): Promise<boolean> {
  const { meta } = await drizzle(control)
    .update(sources)
    .set({ lease_until: sql`max(${sources.lease_until}, ${until})` })
    .where(holdsLease({ id: run, source }));
  return meta.changes > 0;
}

/** Changes since a run was last written. Counters are added to the run's. */
export interface RunUpdate extends Pick<SyncRun, "requests" | "bytes" | "throttled"> {
  status: "running" | "waiting";
  /** Of the whole run. */
  records: number;
  progress: SyncProgress;
  next_attempt_at: number | null;
}

const isOpen = (run: string): SQL | undefined => and(eq(syncRuns.id, run), isNull(syncRuns.ended_at));

/** Updates a run that continues; one that was ended meanwhile does not change. */
export async function updateRun(control: D1Database, run: string, update: RunUpdate): Promise<void> {
  const { requests, bytes, throttled, ...replaced } = update;
  await drizzle(control)
    .update(syncRuns)
    .set({
      ...replaced,
      requests: sql`${syncRuns.requests} + ${requests}`,
      bytes: sql`${syncRuns.bytes} + ${bytes}`,
      throttled: sql`${syncRuns.throttled} + ${throttled}`,
    })
    .where(isOpen(run));
}

/**
 * Ends a run and returns its lease, once. A run that has read everything sets when the source was last synced; one that failed
 * without access marks the source as broken. Returns false when the run had been ended.
 */
export async function endRun(
  control: D1Database,
  run: RunOfSource,
  { status, error }: { status: Exclude<SyncStatus, "running" | "waiting">; error: SourceErrorInfo | null },
  now: number,
): Promise<boolean> {
  const db = drizzle(control);
  const isBroken = status === "failed" && (error?.code === "auth" || error?.code === "forbidden");
  const broken = {
    status: sql`CASE WHEN ${sources.status} = 'active' THEN 'broken' ELSE ${sources.status} END`,
    next_sync_at: null,
  };
  const [, ended] = await db.batch([
    db
      .update(sources)
      .set({
        lease: null,
        lease_until: null,
        ...(status === "succeeded" && { synced_at: now }),
        ...(status !== "canceled" && { error }),
        ...(isBroken && broken),
      })
      .where(and(holdsLease(run), exists(db.select().from(syncRuns).where(isOpen(run.id))))),
    db.update(syncRuns).set({ status, ended_at: now, error, next_attempt_at: null }).where(isOpen(run.id)),
  ]);
  return ended.meta.changes > 0;
}

/** Returns a run of a source, or null when there is none of this id. */
export async function readRun(control: D1Database, source: string, run: string): Promise<SyncRun | null> {
  const [row = null] = await drizzle(control)
    .select(COLUMNS)
    .from(syncRuns)
    .where(and(eq(syncRuns.source_id, source), eq(syncRuns.id, run)));
  return row;
}

/** Returns up to `limit` runs of a source, newest first; `before` is the id of the last run of the page before. */
export async function listRuns(
  control: D1Database,
  source: string,
  { before, limit }: { before: string | null; limit: number },
): Promise<SyncRun[]> {
  const { started_at, id } = syncRuns;
  const isOlder = sql`(${started_at}, ${id}) <
    (SELECT ${started_at}, ${id} FROM ${syncRuns} WHERE ${id} = ${before})`;
  return drizzle(control)
    .select(COLUMNS)
    .from(syncRuns)
    .where(and(eq(syncRuns.source_id, source), before === null ? undefined : isOlder))
    .orderBy(desc(started_at), desc(id))
    .limit(limit);
}

/** Deletes runs that ended before a time. */
export async function pruneRuns(control: D1Database, before: number): Promise<void> {
  await drizzle(control).delete(syncRuns).where(lt(syncRuns.ended_at, before));
}
