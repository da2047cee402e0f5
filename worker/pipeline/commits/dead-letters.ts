/**
 * Messages that could not be applied, with the reason.
 * @module
 */
import type { DeadLetterRow } from "../../../schema/tables/shard";
import type { Stores } from "../../lib/stores";
import { findApplied, tablesFor, withTables } from "./applied";

/** A message that could not be applied. */
export type DeadLetter = Omit<DeadLetterRow, "replayed_at">;

const PREFIX = "dead-letters/v1/";
/** Letters compared with applied keys at once. R2 deletes up to 1,000 objects in one call (R2 › Workers API › delete). */
const LETTERS_A_STEP = 500;

/** Path of a letter in the lake's bucket. */
function pathOf({ project, id }: Pick<DeadLetter, "project" | "id">): string {
  return `${PREFIX}${encodeURIComponent(project ?? "unknown")}/${encodeURIComponent(id)}.json`;
}

/**
 * Stores dead letters, first in R2 and then in D1, where they are listed. A letter that is stored already is ignored.
 * @throws when either fails. Letters that are in R2 by then are listed by `listMissing` later.
 */
export async function storeDeadLetters({ db, lake }: Stores, letters: readonly DeadLetter[]): Promise<void> {
  for (const letter of letters) await lake.put(pathOf(letter), JSON.stringify(letter));
  await db.batch(letters.map((letter) => insertLetter(db, letter)));
}

function insertLetter(db: D1Database, l: DeadLetter): D1PreparedStatement {
  return db
    .prepare(
      `INSERT OR IGNORE INTO dead_letters (id, project, key, reason, body, attempts, failed_at)
       VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)`,
    )
    .bind(l.id, l.project, l.key, l.reason, l.body, l.attempts, l.failed_at);
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
export async function deleteDeadLetter({ db, lake }: Stores, project: string, id: string): Promise<boolean> {
  await lake.delete(pathOf({ project, id }));
  const { meta } = await db
    .prepare("DELETE FROM dead_letters WHERE project = ?1 AND id = ?2")
    .bind(project, id)
    .run();
  return meta.changes > 0;
}

/** Deletes the dead letters whose key is in a table of applied keys: their messages were applied. */
export async function deleteApplied({ db, lake }: Stores, table: string): Promise<void> {
  for (let after = ""; ; ) {
    const { results } = await db
      .prepare("SELECT id, project, key FROM dead_letters WHERE id > ?1 ORDER BY id LIMIT ?2")
      .bind(after, LETTERS_A_STEP)
      .all<Pick<DeadLetter, "id" | "project" | "key">>();
    const keys = results.flatMap(({ key }) => key ?? []);
    const found = await findApplied(db, [table], keys);
    const applied = results.filter(({ key }) => key !== null && found.has(key));
    await lake.delete(applied.map(pathOf));
    await db
      .prepare("DELETE FROM dead_letters WHERE id IN (SELECT value FROM json_each(?1))")
      .bind(JSON.stringify(applied.map(({ id }) => id)))
      .run();
    const last = results.at(-1);
    if (!last || results.length < LETTERS_A_STEP) return;
    after = last.id;
  }
}

/**
 * Lists in D1 the letters that only R2 has: D1 failed when they were stored. Deletes those whose message was applied
 * meanwhile or whose project is gone. Returns how many were listed. `isTimeUp`, asked after each letter, leaves the others to
 * the next call.
 */
export async function listMissing(
  { db, lake }: Stores,
  now: number,
  isTimeUp: () => boolean = () => false,
): Promise<number> {
  let listed = 0;
  let cursor: string | undefined;
  do {
    const page = await lake.list({ prefix: PREFIX, ...(cursor && { cursor }) });
    const paths = page.objects.map(({ key }) => key);
    const gone: string[] = [];
    for (const path of await missingAmong(db, paths)) {
      const letter = await (await lake.get(path))?.json<DeadLetter>();
      if (letter && (await isWanted(db, letter, now))) {
        await insertLetter(db, letter).run();
        listed++;
      } else gone.push(path);
      if (isTimeUp()) break;
    }
    if (gone.length) await lake.delete(gone);
    cursor = page.truncated ? page.cursor : undefined;
  } while (cursor && !isTimeUp());
  return listed;
}

/** Those of the paths whose letter is not in D1. */
async function missingAmong(db: D1Database, paths: readonly string[]): Promise<string[]> {
  const idOf = (path: string) => decodeURIComponent(path.slice(path.lastIndexOf("/") + 1, -".json".length));
  const { results } = await db
    .prepare(
      "SELECT j.value AS id FROM json_each(?1) j WHERE NOT EXISTS (SELECT 1 FROM dead_letters WHERE id = j.value)",
    )
    .bind(JSON.stringify(paths.map(idOf)))
    .all<{ id: string }>();
  const missing = new Set(results.map(({ id }) => id));
  return paths.filter((path) => missing.has(idOf(path)));
}

async function isWanted(
  db: D1Database,
  { project, key, failed_at }: DeadLetter,
  now: number,
): Promise<boolean> {
  if (project === null || key === null) return true;
  const state = await db.prepare("SELECT 1 FROM fold_state WHERE project = ?1").bind(project).first();
  if (!state) return false;
  const tables = tablesFor([failed_at], now);
  return !(await withTables(db, tables, () => findApplied(db, tables, [key]))).has(key);
}

/** Returns the number of dead letters of a project. */
export async function countDeadLetters(db: D1Database, project: string): Promise<number> {
  const row = await db
    .prepare("SELECT count(*) AS count FROM dead_letters WHERE project = ?1")
    .bind(project)
    .first<{ count: number }>();
  return row?.count ?? 0;
}
