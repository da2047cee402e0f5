/**
 * Generations: a re-sync builds one beside the active one. Unused generations are deleted in steps.
 * @module
 */
import { runGuardedBatch } from "../../lib/guard";
import { retryWhileNull } from "../../lib/retry";
import { guard, readCursors, type StreamCursor, writeCursor, writtenGeneration } from "./cursor";

/**
 * Starts a new generation of a stream of one account, during a read. Returns the new cursor; null, with nothing written, when
 * another commit was first.
 */
export async function restartGeneration(
  db: D1Database,
  from: StreamCursor,
  now: number,
): Promise<StreamCursor | null> {
  const building = writtenGeneration(from) + 1;
  const cursor = { ...from, version: from.version + 1, building, state: null, updated_at: now };
  return (await runGuardedBatch(db, [guard(db, from, from), writeCursor(db, cursor)])) ? cursor : null;
}

/** Maximum number of attempts while syncs commit. */
const ATTEMPTS = 5;

/**
 * Starts a new generation of a stream in all its accounts; a pending one is started again. `fresh` derives its initial state
 * from the current one.
 */
export async function beginGeneration(
  db: D1Database,
  { project, source, stream }: { project: string; source: string; stream: string },
  now: number,
  fresh: (state: unknown) => unknown = () => null,
): Promise<void> {
  const begun = await retryWhileNull(ATTEMPTS, async () => {
    const own = (await readCursors(db, project, source)).filter((cursor) => cursor.stream === stream);
    const statements = own.flatMap((from) => {
      const building = writtenGeneration(from) + 1;
      const state = fresh(from.state);
      const next = { ...from, version: from.version + 1, building, state, updated_at: now };
      return [guard(db, from, from), writeCursor(db, next)];
    });
    return statements.length === 0 || (await runGuardedBatch(db, statements)) || null;
  });
  if (!begun) throw new Error(`records: ${stream} of ${source} changed during the read`);
}

/** Generations that are neither active nor pending; each condition is a range of the primary key. */
const DEAD = ["r.generation < s.generation", "r.generation > s.generation AND r.generation < s.building"];
const ROWS = { source_records: "key", source_pages: "day, part" };

/** Deletes up to about `limit` rows of generations that are neither active nor pending. Returns whether there may be more. */
export async function sweepGenerations(
  db: D1Database,
  project: string,
  source: string,
  limit: number,
): Promise<boolean> {
  const statements = Object.entries(ROWS).flatMap(([table, rest]) =>
    DEAD.map((condition) => {
      const columns = `stream, account, generation, ${rest}`;
      return db
        .prepare(
          `DELETE FROM ${table} WHERE project = ?1 AND source = ?2 AND (${columns}) IN (
             SELECT ${columns.replaceAll(/\w+/g, "r.$&")} FROM source_streams s CROSS JOIN ${table} r
               ON r.project = s.project AND r.source = s.source AND r.stream = s.stream AND r.account = s.account
             WHERE s.project = ?1 AND s.source = ?2 AND ${condition} LIMIT ?3)`,
        )
        .bind(project, source, limit);
    }),
  );
  const results = await db.batch(statements);
  return results.some(({ meta }) => meta.changes >= limit);
}

/**
 * Deletes up to about `limit` rows of a source, its cursors first so that no read in progress can commit. Returns whether
 * there may be more.
 */
export async function removeSourceRecords(
  db: D1Database,
  project: string,
  source: string,
  limit: number,
): Promise<boolean> {
  const [, , records, pages] = await db.batch([
    db.prepare("DELETE FROM source_streams WHERE project = ?1 AND source = ?2").bind(project, source),
    db.prepare("DELETE FROM dirty_records WHERE project = ?1 AND source = ?2").bind(project, source),
    ...Object.entries(ROWS).map(([table, rest]) => {
      const columns = `stream, account, generation, ${rest}`;
      return db
        .prepare(
          `DELETE FROM ${table} WHERE project = ?1 AND source = ?2 AND (${columns}) IN (
             SELECT ${columns} FROM ${table} WHERE project = ?1 AND source = ?2 LIMIT ?3)`,
        )
        .bind(project, source, limit);
    }),
  ]);
  return (records?.meta.changes ?? 0) >= limit || (pages?.meta.changes ?? 0) >= limit;
}
