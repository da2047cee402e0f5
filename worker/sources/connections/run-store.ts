/**
 * Runs in the control database, and the lease that lets one of them at a time write to its source.
 * @module
 */
import type { syncRuns } from "../../../schema/tables/sources";
import type {
  SourceErrorInfo,
  SyncProgress,
  SyncRun,
  SyncStatus,
  SyncTrigger,
} from "../../../schema/wire/source";

/** Duration of a run's lease; it is renewed every 30 s. */
export const LEASE_MS = 2 * 60_000;

type RunRow = Omit<typeof syncRuns.$inferSelect, "project_id">;

const COLUMNS = `id, source_id, trigger, status, started_at, ended_at, records, requests, bytes, throttled, progress, error,
  next_attempt_at`;

function toRun({ progress, error, ...row }: RunRow): SyncRun {
  const streams: SyncProgress = JSON.parse(progress);
  const problem: SourceErrorInfo | null = error === null ? null : JSON.parse(error);
  return { ...row, progress: streams, error: problem };
}

const LEASE_LOST_MESSAGE = "The sync stopped unexpectedly. The next sync continues where it stopped.";

/**
 * Begins a run: takes the lease, ends runs that have lost it, writes the new one. False when another run has the lease. The next
 * scheduled sync is counted from now.
 */
export async function beginRun(
  control: D1Database,
  run: { id: string; source: string; project: string; trigger: SyncTrigger },
  now: number,
): Promise<boolean> {
  const lost: SourceErrorInfo = { code: "internal", message: LEASE_LOST_MESSAGE, stream: null, at: now };
  const mine = "EXISTS (SELECT 1 FROM sources s WHERE s.id = ?1 AND s.lease = ?2)";
  const [taken] = await control.batch([
    control
      .prepare(
        `UPDATE sources SET lease = ?2, lease_until = ?3,
           next_sync_at = CASE WHEN status = 'active' THEN ?4 + interval_ms END
         WHERE id = ?1 AND (lease IS NULL OR lease_until <= ?4)`,
      )
      .bind(run.source, run.id, now + LEASE_MS, now),
    control
      .prepare(
        `UPDATE sync_runs SET status = 'failed', ended_at = ?3, error = ?4, next_attempt_at = NULL
         WHERE source_id = ?1 AND ended_at IS NULL AND ${mine}`,
      )
      .bind(run.source, run.id, now, JSON.stringify(lost)),
    control
      .prepare(
        `INSERT INTO sync_runs (id, source_id, project_id, trigger, status, started_at)
         SELECT ?2, ?1, ?3, ?4, 'running', ?5 WHERE ${mine}`,
      )
      .bind(run.source, run.id, run.project, run.trigger, now),
  ]);
  return (taken?.meta.changes ?? 0) > 0;
}

/** Extends the lease until a time. Returns false when the run lost it or was ended: it must stop. */
export async function renewLease(
  control: D1Database,
  source: string,
  run: string,
  until: number,
): Promise<boolean> {
  const { meta } = await control
    .prepare("UPDATE sources SET lease_until = max(lease_until, ?3) WHERE id = ?1 AND lease = ?2")
    .bind(source, run, until)
    .run();
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

/** Updates a run that goes on; one that was ended meanwhile stays unchanged. */
export async function updateRun(control: D1Database, run: string, news: RunUpdate): Promise<void> {
  await control
    .prepare(
      `UPDATE sync_runs SET status = ?2, records = ?3, progress = ?4, next_attempt_at = ?5, requests = requests + ?6,
         bytes = bytes + ?7, throttled = throttled + ?8 WHERE id = ?1 AND ended_at IS NULL`,
    )
    .bind(
      run,
      news.status,
      news.records,
      JSON.stringify(news.progress),
      news.next_attempt_at,
      news.requests,
      news.bytes,
      news.throttled,
    )
    .run();
}

/**
 * Ends a run and gives its lease back, once. A run that has read everything dates the source; one that failed for want of
 * access breaks it. False when it had been ended.
 */
export async function endRun(
  control: D1Database,
  run: { id: string; source: string },
  end: { status: Exclude<SyncStatus, "running" | "waiting">; error: SourceErrorInfo | null },
  now: number,
): Promise<boolean> {
  const error = end.error && JSON.stringify(end.error);
  const isBroken = end.error?.code === "auth" || end.error?.code === "forbidden";
  const open = "EXISTS (SELECT 1 FROM sync_runs r WHERE r.id = ?2 AND r.ended_at IS NULL)";
  const [, ended] = await control.batch([
    control
      .prepare(
        `UPDATE sources SET lease = NULL, lease_until = NULL,
           synced_at = CASE WHEN ?3 = 'succeeded' THEN ?4 ELSE synced_at END,
           error = CASE WHEN ?3 = 'cancelled' THEN error ELSE ?5 END,
           status = CASE WHEN ?6 AND ?3 = 'failed' AND status = 'active' THEN 'broken' ELSE status END,
           next_sync_at = CASE WHEN ?6 AND ?3 = 'failed' THEN NULL ELSE next_sync_at END
         WHERE id = ?1 AND lease = ?2 AND ${open}`,
      )
      .bind(run.source, run.id, end.status, now, error, isBroken ? 1 : 0),
    control
      .prepare(
        `UPDATE sync_runs SET status = ?2, ended_at = ?3, error = ?4, next_attempt_at = NULL
         WHERE id = ?1 AND ended_at IS NULL`,
      )
      .bind(run.id, end.status, now, error),
  ]);
  return (ended?.meta.changes ?? 0) > 0;
}

/** One run of a source. */
export async function readRun(control: D1Database, source: string, run: string): Promise<SyncRun | null> {
  const row = await control
    .prepare(`SELECT ${COLUMNS} FROM sync_runs WHERE source_id = ?1 AND id = ?2`)
    .bind(source, run)
    .first<RunRow>();
  return row && toRun(row);
}

/** Up to `limit` runs of a source, newest first; `before` is the id after which the last page ended. */
export async function listRuns(
  control: D1Database,
  source: string,
  { before, limit }: { before: string | null; limit: number },
): Promise<SyncRun[]> {
  const { results } = await control
    .prepare(
      `SELECT ${COLUMNS} FROM sync_runs
       WHERE source_id = ?1 AND (?2 IS NULL OR (started_at, id) < (SELECT started_at, id FROM sync_runs WHERE id = ?2))
       ORDER BY started_at DESC, id DESC LIMIT ?3`,
    )
    .bind(source, before, limit)
    .all<RunRow>();
  return results.map(toRun);
}

/** Deletes runs that ended before a time. */
export async function pruneRuns(control: D1Database, before: number): Promise<void> {
  await control.prepare("DELETE FROM sync_runs WHERE ended_at < ?1").bind(before).run();
}
