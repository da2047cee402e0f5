/**
 * Stream cursors: how far a stream has been read, and the guard for updating it.
 * @module
 */
import type { sourceStreams } from "../../../schema/tables/shard";
import { guardStatement } from "../../lib/guard";

/** Key of a stream of an account: a row of `source_streams`. */
export interface StreamKey {
  project: string;
  source: string;
  stream: string;
  /** The vendor's account id. */
  account: string;
}

/** How far a stream has been read. Times are epoch ms. */
export interface StreamCursor extends StreamKey {
  /** Incremented by each commit. */
  version: number;
  /** The active generation, which queries read. */
  generation: number;
  /** The generation that a re-sync is building; null when there is none. */
  building: number | null;
  /** The reader's state of the generation being written. */
  state: unknown;
  /** Up to when the active generation contains all data of the vendor; null before. */
  complete_until: number | null;
  updated_at: number;
}

/** The generation that reads write to. */
export const writtenGeneration = (cursor: StreamCursor | null): number =>
  cursor === null ? 1 : (cursor.building ?? cursor.generation);

/** Parameters ?1 to ?4 of every statement about one stream of an account. */
export const keyParameters = ({
  project,
  source,
  stream,
  account,
}: StreamKey): [string, string, string, string] => [project, source, stream, account];

/** The condition on ?1 to ?4. */
export const OF_KEY = "project = ?1 AND source = ?2 AND stream = ?3 AND account = ?4";

/** Returns the cursors of a project's streams, of one source when given. */
export async function readCursors(db: D1Database, project: string, source?: string): Promise<StreamCursor[]> {
  const { results } = await db
    .prepare(
      `SELECT project, source, stream, account, version, generation, building, state, complete_until, updated_at
       FROM source_streams WHERE project = ?1 AND (?2 IS NULL OR source = ?2) ORDER BY source, stream, account`,
    )
    .bind(project, source ?? null)
    .all<typeof sourceStreams.$inferSelect>();
  return results.map((row) => ({ ...row, state: JSON.parse(row.state) }));
}

/** Returns the first statement of a batch that depends on a cursor: it aborts the batch when the cursor has changed. */
export function guard(db: D1Database, key: StreamKey, from: StreamCursor | null): D1PreparedStatement {
  const condition = `(SELECT version FROM source_streams WHERE ${OF_KEY}) IS ?5`;
  return guardStatement(db, condition, ...keyParameters(key), from?.version ?? null);
}

/** The statement that writes a cursor; `complete_until` never decreases. */
export function writeCursor(db: D1Database, cursor: StreamCursor): D1PreparedStatement {
  const { version, generation, building, state, complete_until, updated_at } = cursor;
  return db
    .prepare(
      `INSERT INTO source_streams
         (project, source, stream, account, version, generation, building, state, complete_until, updated_at)
       VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
       ON CONFLICT DO UPDATE SET version = excluded.version, generation = excluded.generation,
         building = excluded.building, state = excluded.state, updated_at = excluded.updated_at,
         complete_until = CASE WHEN excluded.complete_until > coalesce(complete_until, excluded.complete_until - 1)
           THEN excluded.complete_until ELSE complete_until END`,
    )
    .bind(
      ...keyParameters(cursor),
      version,
      generation,
      building,
      JSON.stringify(state),
      complete_until,
      updated_at,
    );
}
