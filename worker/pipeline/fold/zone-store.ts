/**
 * SQL of generations: changes of the time zone, and rows of generations that are not current any more.
 * @module
 */
import { rowsKeySql } from "../../../schema/tables/generation";
import type { RetiredGenerationRow } from "../../../schema/tables/shard";
import type { FoldState } from "./store";

/** The tables of a generation, and the rest of the key of each after `project`. */
export const GENERATION_TABLES = {
  rollups: "grain, dimension, bucket",
  derived_rollups: "grain, dimension, bucket",
  open_sessions: "page",
  dirty_days: "day",
  derived_days: "day",
} as const;

/** A generation that has rows, and its zone. */
export type ZonedGeneration = Pick<FoldState, "project" | "generation" | "timezone">;

/** Projects whose time zone changes and whose next generation has all days: none waits to be derived for the first time, none fails. */
export async function readyProjects(db: D1Database): Promise<string[]> {
  const { results } = await db
    .prepare(
      `SELECT f.project FROM fold_state f INDEXED BY fold_state_changing WHERE f.next_timezone IS NOT NULL
       AND NOT EXISTS (SELECT 1 FROM dirty_days d WHERE d.project = ${rowsKeySql("f", "last_generation")}
         AND (d.failures > 0
           OR NOT EXISTS (SELECT 1 FROM derived_days e WHERE e.project = d.project AND e.day = d.day)))`,
    )
    .all<{ project: string }>();
  return results.map(({ project }) => project);
}

/** What a change of the time zone sets. */
type ZoneFields = Pick<
  FoldState,
  | "generation"
  | "last_generation"
  | "timezone"
  | "next_timezone"
  | "next_since"
  | "next_days"
  | "sealed_until"
>;

/** The statement that sets the generations of a project and raises its epoch. */
export function setZone(db: D1Database, state: FoldState, change: Partial<ZoneFields>): D1PreparedStatement {
  const after = { ...state, ...change };
  return db
    .prepare(
      `UPDATE fold_state SET epoch = epoch + 1, generation = ?2, last_generation = ?3, timezone = ?4, next_timezone = ?5,
         next_since = ?6, next_days = ?7, sealed_until = ?8 WHERE project = ?1`,
    )
    .bind(
      after.project,
      after.generation,
      after.last_generation,
      after.timezone,
      after.next_timezone,
      after.next_since,
      after.next_days,
      after.sealed_until,
    );
}

/** The statement that records that a generation is not used any more. */
export function retire(
  db: D1Database,
  { project, generation, timezone }: ZonedGeneration,
  now: number,
): D1PreparedStatement {
  return db
    .prepare(
      "INSERT INTO retired_generations (project, generation, timezone, retired_at) VALUES (?1, ?2, ?3, ?4)",
    )
    .bind(project, generation, timezone, now);
}

/** Generations that were retired before `time`, the earliest first. */
export async function retiredBefore(
  db: D1Database,
  time: number,
  limit: number,
): Promise<RetiredGenerationRow[]> {
  const { results } = await db
    .prepare("SELECT * FROM retired_generations WHERE retired_at < ?1 ORDER BY retired_at LIMIT ?2")
    .bind(time, limit)
    .all<RetiredGenerationRow>();
  return results;
}

/** Deletes up to `limit` rows of a generation from each table. Returns the number of rows deleted. */
export async function deleteSomeRows(db: D1Database, key: string, limit: number): Promise<number> {
  const results = await db.batch(
    Object.entries(GENERATION_TABLES).map(([table, rest]) =>
      db
        .prepare(
          `DELETE FROM ${table} WHERE project = ?1 AND (${rest}) IN (SELECT ${rest} FROM ${table} WHERE project = ?1 LIMIT ?2)`,
        )
        .bind(key, limit),
    ),
  );
  return results.reduce((sum, { meta }) => sum + meta.changes, 0);
}

/** The statement that forgets a retired generation whose rows are deleted. */
export function forgetRetired(
  db: D1Database,
  { project, generation }: RetiredGenerationRow,
): D1PreparedStatement {
  return db
    .prepare("DELETE FROM retired_generations WHERE project = ?1 AND generation = ?2")
    .bind(project, generation);
}
