/**
 * The commit log: one row per delivery. The queue appends, the fold reads from its watermark.
 * @module
 */
import type { CommitRow } from "../../../schema/tables/shard";
import { DAY_MS } from "../../lib/time";
import { guardApplied, insertApplied, type NewKeys } from "./applied";

/**
 * Rows of a delivery by project, with the earliest and the latest timestamp, epoch ms, and whether some of them may have
 * an `event_id` of their sender (1) or not (0). Earlier commits do not state it.
 */
export type Extents = Record<string, [rows: number, from: number, to: number, own?: 0 | 1]>;
/** Events excluded from the statistics: project → reason → count. */
export type DropCounts = Record<string, Record<string, number>>;

/** Retention of dropped events and their counts, after the events were received. */
export const DROPS_RETENTION_MS = 30 * DAY_MS;

/** A committed delivery. */
export interface Commit extends Pick<CommitRow, "seq" | "segment" | "received_until"> {
  projects: Extents;
  drops: DropCounts;
}

/** What one commit writes. */
export interface NewCommit extends Omit<Commit, "seq"> {
  /** Idempotency keys of the messages of the delivery. */
  keys: NewKeys;
}

/**
 * The commit point: one transaction of the keys, the row of the log and `statements`, in this order.
 * @throws when a key is applied already, or when storage fails; nothing is written then.
 */
export async function appendCommit(
  db: D1Database,
  { keys, segment, received_until, projects, drops }: NewCommit,
  statements: readonly D1PreparedStatement[],
  now: number,
): Promise<void> {
  await db.batch([
    guardApplied(db, keys),
    db
      .prepare(
        "INSERT INTO commits (segment, committed_at, received_until, projects, drops) VALUES (?1, ?2, ?3, ?4, ?5)",
      )
      .bind(segment, now, received_until, JSON.stringify(projects), JSON.stringify(drops)),
    insertApplied(db, keys, now),
    ...statements,
  ]);
}

/** Returns the commits after `seq`, oldest first. */
export async function commitsAfter(db: D1Database, seq: number, limit: number): Promise<Commit[]> {
  const { results } = await db
    .prepare(
      "SELECT seq, segment, received_until, projects, drops FROM commits WHERE seq > ?1 ORDER BY seq LIMIT ?2",
    )
    .bind(seq, limit)
    .all<Omit<CommitRow, "committed_at">>();
  return results.map((row) => ({ ...row, projects: JSON.parse(row.projects), drops: JSON.parse(row.drops) }));
}

/** Returns the number of events committed since `time`, of all projects. Commits are stored for at least an hour. */
export async function countEventsSince(db: D1Database, time: number): Promise<number> {
  const row = await db
    .prepare(
      "SELECT sum(p.value ->> 0) AS events FROM commits, json_each(projects) p WHERE committed_at >= ?1",
    )
    .bind(time)
    .first<{ events: number | null }>();
  return row?.events ?? 0;
}

/** Whether there are commits after `seq`. */
export async function hasCommitsAfter(db: D1Database, seq: number): Promise<boolean> {
  return (await db.prepare("SELECT 1 FROM commits WHERE seq > ?1 LIMIT 1").bind(seq).first()) !== null;
}

/** The statement that deletes commits up to `seq` that were made before `time`. */
export function deleteCommits(db: D1Database, seq: number, time: number): D1PreparedStatement {
  return db.prepare("DELETE FROM commits WHERE seq <= ?1 AND committed_at < ?2").bind(seq, time);
}

/** The statement that replaces the segment of a commit whose segment was rewritten; null when no row is left. */
export function replaceSegment(
  db: D1Database,
  seq: number,
  before: string,
  after: string | null,
): D1PreparedStatement {
  return db
    .prepare("UPDATE commits SET segment = ?3 WHERE seq = ?1 AND segment = ?2")
    .bind(seq, before, after);
}

/** The statement that removes a project from the log. */
export function forgetProject(db: D1Database, project: string): D1PreparedStatement {
  return db
    .prepare(
      `UPDATE commits SET projects = json_remove(projects, '$.' || json_quote(?1)),
         drops = json_remove(drops, '$.' || json_quote(?1))
       WHERE projects -> ?1 IS NOT NULL OR drops -> ?1 IS NOT NULL`,
    )
    .bind(project);
}
