/**
 * Messages that could not be applied, with the reason.
 * @module
 */
import type { DeadLetterRow } from "../../../schema/tables/shard";

/** Stores dead letters. A letter that is stored already is ignored. */
export async function storeDeadLetters(db: D1Database, letters: readonly DeadLetterRow[]): Promise<void> {
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

/**
 * Returns a project's dead letters, newest first; `before` is the `failed_at` and id of the last one of the previous
 * page.
 */
export async function listDeadLetters(
  db: D1Database,
  project: string,
  limit: number,
  before: { failed_at: number; id: string } | null,
): Promise<DeadLetterRow[]> {
  const { results } = await db
    .prepare(
      `SELECT id, project, key, reason, body, attempts, failed_at, replayed_at FROM dead_letters
       WHERE project = ?1 AND (?3 IS NULL OR (failed_at, id) < (?3, ?4)) ORDER BY failed_at DESC, id DESC LIMIT ?2`,
    )
    .bind(project, limit, before?.failed_at ?? null, before?.id ?? null)
    .all<DeadLetterRow>();
  return results;
}

/** Returns a dead letter of a project; null when there is none with this id. */
export async function findDeadLetter(
  db: D1Database,
  project: string,
  id: string,
): Promise<DeadLetterRow | null> {
  return await db
    .prepare(
      `SELECT id, project, key, reason, body, attempts, failed_at, replayed_at FROM dead_letters
       WHERE project = ?1 AND id = ?2`,
    )
    .bind(project, id)
    .first<DeadLetterRow>();
}

/** Marks a dead letter as replayed. */
export async function markReplayed(db: D1Database, id: string, now: number): Promise<void> {
  await db.prepare("UPDATE dead_letters SET replayed_at = ?2 WHERE id = ?1").bind(id, now).run();
}

/** Deletes a dead letter; false when there is none with this id. */
export async function deleteDeadLetter(db: D1Database, project: string, id: string): Promise<boolean> {
  const { meta } = await db
    .prepare("DELETE FROM dead_letters WHERE project = ?1 AND id = ?2")
    .bind(project, id)
    .run();
  return meta.changes > 0;
}

/** Returns the number of dead letters of a project. */
export async function countDeadLetters(db: D1Database, project: string): Promise<number> {
  const row = await db
    .prepare("SELECT count(*) AS count FROM dead_letters WHERE project = ?1")
    .bind(project)
    .first<{ count: number }>();
  return row?.count ?? 0;
}
