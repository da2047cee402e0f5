/**
 * SQL of sealing, maintenance and the commands on a project in a shard's D1.
 * @module
 */
import { rowsKeySql } from "../../../schema/tables/generation";
import { DAY_MS } from "../../lib/time";
import { HOURLY_FOR_LONG, type PlacedRow, rowsOf, SHARED } from "../rollup";
import { type FoldState, generationsOf } from "./store";
import { GENERATION_TABLES, type ZonedGeneration } from "./zone-store";

/** Every other table with rows of a project. */
const PROJECT_TABLES = [
  "fold_state",
  "retired_generations",
  "people",
  "drops",
  "dead_letters",
  "watches",
] as const;

/** The next `limit` generations with open sessions after one, in order of their keys. */
export async function keysWithPages(db: D1Database, after: string, limit: number): Promise<string[]> {
  const { results } = await db
    .prepare("SELECT DISTINCT project FROM open_sessions WHERE project > ?1 ORDER BY project LIMIT ?2")
    .bind(after, limit)
    .all<{ project: string }>();
  return results.map(({ project }) => project);
}

/** Removes rows of an unfinished derivation. */
export function clearDerived(db: D1Database, key: string): D1PreparedStatement {
  return db.prepare("DELETE FROM derived_rollups WHERE project = ?1").bind(key);
}

/** Statements that move the rows of a derivation to `rollups`. */
export function moveDerived(db: D1Database, key: string): D1PreparedStatement[] {
  return [
    db
      .prepare(
        `INSERT INTO rollups (project, grain, dimension, bucket, sealed, body)
         SELECT project, grain, dimension, bucket, sealed, body FROM derived_rollups WHERE project = ?1`,
      )
      .bind(key),
    clearDerived(db, key),
  ];
}

/** Projects that have been folded and whose days are sealed only up to a time before `time`. */
export async function statesSealedBefore(db: D1Database, time: number, limit: number): Promise<FoldState[]> {
  const { results } = await db
    .prepare("SELECT * FROM fold_state WHERE sealed_until < ?1 AND complete_until IS NOT NULL LIMIT ?2")
    .bind(time, limit)
    .all<FoldState>();
  return results;
}

/** Rows of hours that are stored for long, as JSON. */
const LONG_HOURS = JSON.stringify([...HOURLY_FOR_LONG, SHARED]);

/** Rows that are due to be sealed: days before `day`, and hours before `hour` of the dimensions in `HOURLY_FOR_LONG`. */
export async function unsealedRows(
  db: D1Database,
  key: string,
  before: { day: number; hour: number },
): Promise<PlacedRow[]> {
  const result = await db
    .prepare(
      `SELECT grain, dimension, bucket, sealed, body FROM rollups
       WHERE project = ?1 AND sealed = 0 AND ((grain = 'day' AND bucket < ?2)
         OR (grain = 'hour' AND bucket < ?3 AND dimension IN (SELECT value FROM json_each(?4))))`,
    )
    .bind(key, before.day, before.hour, LONG_HOURS)
    .all();
  return rowsOf(result).filter(
    ({ grain, dimension }) => grain === "day" || HOURLY_FOR_LONG.includes(dimension),
  );
}

/** The statement that deletes hours before `before`, except of the dimensions in `HOURLY_FOR_LONG` and shared rows. */
export function deleteHours(db: D1Database, key: string, before: number): D1PreparedStatement {
  return db
    .prepare(
      `DELETE FROM rollups WHERE project = ?1 AND grain = 'hour' AND bucket < ?2
       AND dimension NOT IN (SELECT value FROM json_each(?3))`,
    )
    .bind(key, before, LONG_HOURS);
}

/** The first bucket of a generation in D1, epoch ms; null without rows. */
export async function firstBucket(db: D1Database, key: string): Promise<number | null> {
  const row = await db
    .prepare(
      `SELECT min(bucket) AS first FROM (
         SELECT min(bucket) AS bucket FROM rollups WHERE project = ?1 AND grain = 'day' AND dimension = ''
         UNION ALL SELECT min(bucket) FROM rollups WHERE project = ?1 AND grain = 'day' AND dimension = '${SHARED}')`,
    )
    .bind(key)
    .first<{ first: number | null }>();
  return row?.first ?? null;
}

/** Generations with days in D1 before `time`, none of which waits to be derived. */
export async function statesWithDaysBefore(
  db: D1Database,
  time: number,
  limit: number,
): Promise<FoldState[]> {
  const { results } = await db
    .prepare(
      `SELECT f.*, iif(${isDue("generation")}, 1, 0) AS is_current FROM fold_state f
       WHERE ${isDue("generation")} OR (f.next_timezone IS NOT NULL AND ${isDue("last_generation")}) LIMIT ?2`,
    )
    .bind(time, limit)
    .all<FoldState & { is_current: number }>();
  return results.flatMap(({ is_current, ...state }) => generationsOf(state).at(is_current ? 0 : -1) ?? []);
}

/** Whether a generation of `f` is due to be sealed. */
function isDue(generation: "generation" | "last_generation"): string {
  const key = rowsKeySql("f", generation);
  return `(EXISTS (SELECT 1 FROM rollups r WHERE r.project = ${key}
      AND r.grain = 'day' AND r.dimension IN ('', '${SHARED}') AND r.bucket < ?1)
    AND NOT EXISTS (SELECT 1 FROM dirty_days d WHERE d.project = ${key} AND d.day < ?1))`;
}

/** All rows of a generation before `time`. */
export async function rowsBefore(db: D1Database, key: string, time: number): Promise<PlacedRow[]> {
  const result = await db
    .prepare("SELECT grain, dimension, bucket, sealed, body FROM rollups WHERE project = ?1 AND bucket < ?2")
    .bind(key, time)
    .all();
  return rowsOf(result);
}

/** Statements that delete expired rows; segments of `dropped` die when their earliest rows are old enough: merged ones have rows of one day. */
export function deleteExpired(
  db: D1Database,
  { now, dropsBefore }: { now: number; dropsBefore: number },
): D1PreparedStatement[] {
  return [
    db.prepare("DELETE FROM drops WHERE day < ?1").bind(dropsBefore),
    db
      .prepare(
        `UPDATE segments SET dead_at = ?1 WHERE dataset = 'dropped' AND dead_at IS NULL
         AND CASE level WHEN 0 THEN created_at ELSE created_at - created_at % ${DAY_MS} END < ?2`,
      )
      .bind(now, dropsBefore),
  ];
}

/**
 * The generations of all projects, also those that are not deleted yet, and the epoch of each derived day as
 * `[key of the generation, day, epoch]`.
 */
export async function derivations(
  db: D1Database,
): Promise<{ generations: ZonedGeneration[]; days: [key: string, day: number, epoch: number][] }> {
  const [states, retired, days] = await db.batch([
    db.prepare("SELECT * FROM fold_state"),
    db.prepare("SELECT project, generation, timezone FROM retired_generations"),
    db.prepare("SELECT project, day, epoch FROM derived_days"),
  ]);
  const current = ((states?.results ?? []) as FoldState[]).flatMap(generationsOf);
  const derived = (days?.results ?? []) as { project: string; day: number; epoch: number }[];
  return {
    generations: [...current, ...((retired?.results ?? []) as ZonedGeneration[])],
    days: derived.map(({ project, day, epoch }) => [project, day, epoch]),
  };
}

/** Statements that make the marked days of a generation due at once. */
export function makeDaysDue(db: D1Database, key: string): D1PreparedStatement[] {
  return [
    db.prepare("UPDATE derived_days SET events = 0, repeats = 0 WHERE project = ?1").bind(key),
    db.prepare("UPDATE dirty_days SET retry_at = 0 WHERE project = ?1 AND failures > 0").bind(key),
  ];
}

/** Deletes every row of a project and records that its rows leave the lake. */
export async function deleteProjectRows(db: D1Database, project: string, now: number): Promise<void> {
  await db.batch([
    ...PROJECT_TABLES.map((table) => db.prepare(`DELETE FROM ${table} WHERE project = ?1`).bind(project)),
    // The keys of further generations begin with the project and `@`, which `A` follows.
    ...Object.keys(GENERATION_TABLES).flatMap((table) => [
      db.prepare(`DELETE FROM ${table} WHERE project = ?1`).bind(project),
      db.prepare(`DELETE FROM ${table} WHERE project >= ?1 || '@' AND project < ?1 || 'A'`).bind(project),
    ]),
    db
      .prepare("INSERT OR IGNORE INTO deleted_projects (project, deleted_at) VALUES (?1, ?2)")
      .bind(project, now),
  ]);
}

/** Deleted projects, the earliest first. */
export async function deletedProjects(
  db: D1Database,
  limit: number,
): Promise<{ project: string; deleted_at: number }[]> {
  const { results } = await db
    .prepare("SELECT project, deleted_at FROM deleted_projects ORDER BY deleted_at LIMIT ?1")
    .bind(limit)
    .all<{ project: string; deleted_at: number }>();
  return results;
}

/** The statement that ends the removal of a deleted project. */
export function forgetDeleted(db: D1Database, project: string): D1PreparedStatement {
  return db.prepare("DELETE FROM deleted_projects WHERE project = ?1").bind(project);
}
