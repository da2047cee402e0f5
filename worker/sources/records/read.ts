/**
 * Reads the active generation of a stream, in all its accounts.
 * @module
 */

/** Identifies a stream of a source, in any account. */
export interface StreamName {
  project: string;
  source: string;
  stream: string;
}

/** The latest state of a record. */
export interface StoredRecord {
  account: string;
  key: string;
  body: Record<string, unknown>;
  /** Epoch ms. */
  changed_at: number;
  /** Epoch ms when its removal was detected; null while it exists. */
  removed_at: number | null;
}

/** A part of a day's records. */
export interface StoredDay {
  account: string;
  /** `YYYY-MM-DD` in the account's zone. */
  day: string;
  part: number;
  records: Record<string, unknown>[];
}

/** Maximum rows of a result, so that their bodies stay well below D1's limit. */
const RECORDS = 5_000;
const PARTS = 20;

/** Joins the active generation to its rows. */
const seen = (table: string) =>
  `source_streams s CROSS JOIN ${table} r ON r.project = s.project AND r.source = s.source AND r.stream = s.stream
   AND r.account = s.account AND r.generation = s.generation`;

/** The records of a stream, including removed ones, by account and key. */
export async function* recordsOf(
  db: D1Database,
  { project, source, stream }: StreamName,
  limit: number = RECORDS,
): AsyncGenerator<StoredRecord[]> {
  let last: StoredRecord | undefined;
  for (;;) {
    const { results } = await db
      .prepare(
        `SELECT r.account, r.key, r.body, r.changed_at, r.removed_at FROM ${seen("source_records")}
         WHERE s.project = ?1 AND s.source = ?2 AND s.stream = ?3 AND s.account >= ?4 AND (s.account > ?4 OR r.key > ?5)
         ORDER BY s.account, r.key LIMIT ?6`,
      )
      .bind(project, source, stream, last?.account ?? "", last?.key ?? "", limit)
      .all<Omit<StoredRecord, "body"> & { body: string }>();
    const records = results.map((row): StoredRecord => ({ ...row, body: JSON.parse(row.body) }));
    if (records.length > 0) yield records;
    if (records.length < limit) return;
    last = records.at(-1);
  }
}

/** The days of a month (`YYYY-MM`) of a stream, by account, day and part. */
export async function* daysOf(
  db: D1Database,
  { project, source, stream }: StreamName,
  month: string,
  limit: number = PARTS,
): AsyncGenerator<StoredDay[]> {
  let last: StoredDay | undefined;
  for (;;) {
    const { results } = await db
      .prepare(
        `SELECT r.account, r.day, r.part, r.body FROM ${seen("source_pages")}
           AND r.day >= ?4 || '-' AND r.day < ?4 || '.'
         WHERE s.project = ?1 AND s.source = ?2 AND s.stream = ?3
           AND s.account >= ?5 AND (s.account > ?5 OR (r.day, r.part) > (?6, ?7))
         ORDER BY s.account, r.day, r.part LIMIT ?8`,
      )
      .bind(project, source, stream, month, last?.account ?? "", last?.day ?? "", last?.part ?? 0, limit)
      .all<Omit<StoredDay, "records"> & { body: string }>();
    const days = results.map(({ body, ...row }): StoredDay => ({ ...row, records: JSON.parse(body) }));
    if (days.length > 0) yield days;
    if (days.length < limit) return;
    last = days.at(-1);
  }
}

/** Number of records of each stored day of a stream: `{account, day, rows}`, by account and day. */
export async function dayRows(
  db: D1Database,
  { project, source, stream }: StreamName,
): Promise<{ account: string; day: string; rows: number }[]> {
  const { results } = await db
    .prepare(
      `SELECT r.account, r.day, sum(r.rows) AS rows FROM ${seen("source_pages")}
       WHERE s.project = ?1 AND s.source = ?2 AND s.stream = ?3 GROUP BY r.account, r.day ORDER BY r.account, r.day`,
    )
    .bind(project, source, stream)
    .all<{ account: string; day: string; rows: number }>();
  return results;
}

/** Number of records of each stream of a source, without removed ones. */
export async function rowCounts(
  db: D1Database,
  project: string,
  source: string,
): Promise<Map<string, number>> {
  const { results } = await db
    .prepare(
      `SELECT stream, sum(rows) AS rows FROM (
         SELECT s.stream, count(*) AS rows FROM ${seen("source_records")}
           WHERE s.project = ?1 AND s.source = ?2 AND r.removed_at IS NULL GROUP BY s.stream
         UNION ALL SELECT s.stream, sum(r.rows) FROM ${seen("source_pages")}
           WHERE s.project = ?1 AND s.source = ?2 GROUP BY s.stream) GROUP BY stream`,
    )
    .bind(project, source)
    .all<{ stream: string; rows: number }>();
  return new Map(results.map(({ stream, rows }) => [stream, rows]));
}
