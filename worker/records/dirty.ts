/**
 * What was read and is not in the marts yet.
 * @module
 */

/** A stream's records that have changed, or a month of its days. */
export interface DirtyRecords {
  project: string;
  source: string;
  stream: string;
  /** `YYYY-MM` of streams that report by day, else empty. */
  month: string;
  /** Grows with each change. */
  change: number;
}

/** What has changed, of one project when it is named. */
export async function dirtyRecords(db: D1Database, limit: number, project?: string): Promise<DirtyRecords[]> {
  const { results } = await db
    .prepare(
      `SELECT project, source, stream, month, change FROM dirty_records WHERE ?1 IS NULL OR project = ?1
       ORDER BY project, source, stream, month LIMIT ?2`,
    )
    .bind(project ?? null, limit)
    .all<DirtyRecords>();
  return results;
}

/** The statement that takes marks away, unless something has changed since they were read. For the builder's batch. */
export function clearDirty(db: D1Database, built: readonly DirtyRecords[]): D1PreparedStatement {
  return db
    .prepare(
      `DELETE FROM dirty_records WHERE (project, source, stream, month, change) IN (
         SELECT j.value->>'project', j.value->>'source', j.value->>'stream', j.value->>'month', j.value->>'change'
         FROM json_each(?1) j)`,
    )
    .bind(JSON.stringify(built));
}
