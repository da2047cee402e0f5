/**
 * What the consumer reads and writes in a shard's D1.
 * @module
 */

import { DAY_MS } from "../../lib/time";
import { APPLIED_KEPT_MS, appliedTable } from "../fold";
import { addSegment, type SegmentInfo } from "../lake";

/** Tables known to exist, by database: making them is asked for once an isolate. */
const made = new WeakMap<D1Database, Set<string>>();

/**
 * Tables in which the keys of messages received at `times` can stand. A key stands in the table of the day of its commit,
 * which is not before the message was received; a sender may repeat a request for a day, and either copy may come first;
 * clocks of consumers differ, so tomorrow's table counts too.
 */
export function tablesFor(times: readonly number[], now: number): string[] {
  const first = Math.max(Math.min(...times) - DAY_MS, now - APPLIED_KEPT_MS);
  const names = new Set<string>();
  for (let time = first; time < now + 2 * DAY_MS; time += DAY_MS)
    names.add(appliedTable(Math.min(time, now + DAY_MS)));
  return [...names];
}

/** Makes the tables that are not there yet. */
export async function makeTables(db: D1Database, tables: readonly string[]): Promise<void> {
  const known = made.get(db) ?? new Set();
  made.set(db, known);
  const missing = tables.filter((name) => !known.has(name));
  if (!missing.length) return;
  await db.batch(
    missing.map((name) =>
      db.prepare(`CREATE TABLE IF NOT EXISTS ${name} (key TEXT PRIMARY KEY) WITHOUT ROWID`),
    ),
  );
  for (const name of missing) known.add(name);
}

/** Forgets which tables exist, after one turned out to have been dropped. */
export function forgetTables(db: D1Database): void {
  made.delete(db);
}

const standsIn = (tables: readonly string[]) =>
  tables.map((name) => `EXISTS (SELECT 1 FROM ${name} WHERE key = j.value)`).join(" OR ");

export interface Watch {
  project: string;
  keep_1_in: number;
}

/** Keys among `keys` that are applied, and which of the projects somebody watches. One read. */
export async function lookUp(
  db: D1Database,
  tables: readonly string[],
  keys: readonly string[],
  projects: readonly string[],
  now: number,
): Promise<{ applied: Set<string>; watches: Watch[] }> {
  const [applied, watches] = await db.batch([
    db
      .prepare(`SELECT j.value AS key FROM json_each(?1) j WHERE ${standsIn(tables)}`)
      .bind(JSON.stringify(keys)),
    db
      .prepare(
        `SELECT w.project, w.keep_1_in FROM json_each(?1) j JOIN watches w ON w.project = j.value WHERE w.until > ?2`,
      )
      .bind(JSON.stringify(projects), now),
  ]);
  return {
    applied: new Set(((applied?.results ?? []) as unknown as { key: string }[]).map((row) => row.key)),
    watches: (watches?.results ?? []) as unknown as Watch[],
  };
}

/** Which keys are applied. */
export async function appliedAmong(
  db: D1Database,
  tables: readonly string[],
  keys: readonly string[],
): Promise<Set<string>> {
  return (await lookUp(db, tables, keys, [], 0)).applied;
}

/** What one commit writes. */
export interface CommitWrite {
  keys: string[];
  segments: SegmentInfo[];
  segment: string | null;
  receivedUntil: number;
  projects: Record<string, [rows: number, from: number, to: number]>;
  drops: Record<string, Record<string, number>>;
}

/**
 * The commit point: one transaction. The guard aborts it when any key stands in any table (two copies of a request can be
 * committed on different days); a conflict in today's table aborts it as well.
 */
export async function commit(
  db: D1Database,
  tables: readonly string[],
  write: CommitWrite,
  now: number,
): Promise<void> {
  const keys = JSON.stringify(write.keys);
  await db.batch([
    db
      .prepare(
        `SELECT CASE WHEN EXISTS (SELECT 1 FROM json_each(?1) j WHERE ${standsIn(tables)}) THEN json('') ELSE 1 END`,
      )
      .bind(keys),
    db.prepare(`INSERT INTO ${appliedTable(now)} (key) SELECT value FROM json_each(?1)`).bind(keys),
    db
      .prepare(
        "INSERT INTO commits (segment, committed_at, received_until, projects, drops) VALUES (?1, ?2, ?3, ?4, ?5)",
      )
      .bind(
        write.segment,
        now,
        write.receivedUntil,
        JSON.stringify(write.projects),
        JSON.stringify(write.drops),
      ),
    ...write.segments.map((segment) => addSegment(db, segment, true)),
  ]);
}

/** A message that could not be applied. */
export interface DeadLetter {
  id: string;
  project: string | null;
  key: string | null;
  reason: string;
  body: string;
  attempts: number;
  failed_at: number;
  replayed_at: number | null;
}

/** Stores dead letters; the same delivery twice is stored once. */
export async function storeDeadLetters(db: D1Database, letters: readonly DeadLetter[]): Promise<void> {
  await db.batch(
    letters.map((l) =>
      db
        .prepare(
          `INSERT OR IGNORE INTO dead_letters (id, project, key, reason, body, attempts, failed_at)
           VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)`,
        )
        .bind(l.id, l.project, l.key, l.reason, l.body, l.attempts, l.failed_at),
    ),
  );
}

/** A project's dead letters, newest first; `before` is the `failed_at` and id of the last one seen. */
export async function listDeadLetters(
  db: D1Database,
  project: string,
  limit: number,
  before: { failed_at: number; id: string } | null,
): Promise<DeadLetter[]> {
  const { results } = await db
    .prepare(
      `SELECT id, project, key, reason, body, attempts, failed_at, replayed_at FROM dead_letters
       WHERE project = ?1 AND (?3 IS NULL OR (failed_at, id) < (?3, ?4)) ORDER BY failed_at DESC, id DESC LIMIT ?2`,
    )
    .bind(project, limit, before?.failed_at ?? null, before?.id ?? null)
    .all<DeadLetter>();
  return results;
}

/** One dead letter of a project. */
export async function findDeadLetter(
  db: D1Database,
  project: string,
  id: string,
): Promise<DeadLetter | null> {
  return await db
    .prepare(
      `SELECT id, project, key, reason, body, attempts, failed_at, replayed_at FROM dead_letters
       WHERE project = ?1 AND id = ?2`,
    )
    .bind(project, id)
    .first<DeadLetter>();
}

/** Marks a dead letter as sent again. */
export async function markReplayed(db: D1Database, id: string, now: number): Promise<void> {
  await db.prepare("UPDATE dead_letters SET replayed_at = ?2 WHERE id = ?1").bind(id, now).run();
}

/** Deletes a dead letter; false when there is none. */
export async function deleteDeadLetter(db: D1Database, project: string, id: string): Promise<boolean> {
  const { meta } = await db
    .prepare("DELETE FROM dead_letters WHERE project = ?1 AND id = ?2")
    .bind(project, id)
    .run();
  return meta.changes > 0;
}

/** How many dead letters a project has. */
export async function countDeadLetters(db: D1Database, project: string): Promise<number> {
  const row = await db
    .prepare("SELECT count(*) AS count FROM dead_letters WHERE project = ?1")
    .bind(project)
    .first<{ count: number }>();
  return row?.count ?? 0;
}
