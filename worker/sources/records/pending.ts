/**
 * Pending changes: records that are not in the marts yet.
 * @module
 */

/** Changed records of a stream, or a changed month of its days. */
export interface PendingRecords {
  project: string;
  source: string;
  stream: string;
  /** `YYYY-MM` for daily streams, else empty. */
  month: string;
  /** Increases with each change. */
  change: number;
}

/** Returns pending changes, of one project when given. */
export async function readPending(
  db: D1Database,
  limit: number,
  project?: string,
): Promise<PendingRecords[]> {
  const { results } = await db
    .prepare(
      `SELECT project, source, stream, month, change FROM dirty_records WHERE ?1 IS NULL OR project = ?1
       ORDER BY project, source, stream, month LIMIT ?2`,
    )
    .bind(project ?? null, limit)
    .all<PendingRecords>();
  return results;
}

/** The statement that deletes pending changes, unless they changed since they were read. For the builder's batch. */
export function clearPending(db: D1Database, built: readonly PendingRecords[]): D1PreparedStatement {
  return db
    .prepare(
      `DELETE FROM dirty_records WHERE (project, source, stream, month, change) IN (
         SELECT j.value->>'project', j.value->>'source', j.value->>'stream', j.value->>'month', j.value->>'change'
         FROM json_each(?1) j)`,
    )
    .bind(JSON.stringify(built));
}

/**
 * Returns the statements that convert changes of a source's objects to changes of the months it reports on, because those
 * contain the objects' names and statuses; for one batch. A change made since it was read stays as well.
 */
export function spreadPending(
  db: D1Database,
  project: string,
  source: string,
  marks: readonly PendingRecords[],
  now: number,
): D1PreparedStatement[] {
  return [
    db
      .prepare(
        `INSERT INTO dirty_records (project, source, stream, month, change)
         SELECT ?1, ?2, j.value->>'stream', m.month, ?4 FROM json_each(?3) j
           CROSS JOIN (SELECT DISTINCT substr(day, 1, 7) AS month FROM source_pages WHERE project = ?1 AND source = ?2) m
         WHERE true ON CONFLICT DO UPDATE SET change = max(change + 1, excluded.change)`,
      )
      .bind(project, source, JSON.stringify(marks), now),
    clearPending(db, marks),
  ];
}
