/**
 * Rollup rows in D1.
 * @module
 */
import { chunked } from "../../lib/json-params";
import { HOUR_MS, type TimeRange } from "../../lib/time";
import type { PlacedRow, RollupGrain, RollupRow, RollupSpan, StoredRow } from "./row";
import { placeRows, SHARED, sharedSpans, storedOf, unpackRows, unpackSpans } from "./shared";

/** Shorter than any bucket of the grain: a span has at most as many buckets as intervals of this length. */
const LEAST_MS: Record<RollupGrain, number> = { hour: HOUR_MS / 2, day: 20 * HOUR_MS };

/**
 * The statement that reads all rows of the spans, so that a page needs one read however many cards it has. Spans of
 * depth `key` are better read by `selectBuckets`.
 */
export function selectSpans(
  db: D1Database,
  project: string,
  spans: readonly RollupSpan[],
): D1PreparedStatement {
  return db
    .prepare(
      `SELECT r.grain, r.dimension, r.bucket, r.sealed,
         CASE j.value->>'depth' WHEN 'sets' THEN r.body WHEN 'key' THEN ''
           WHEN 'lasting' THEN substr(r.body, 1, instr(r.body, char(10)) + CAST(r.body AS INTEGER))
           ELSE substr(r.body, 1, instr(r.body, char(10)) - 1) END AS body
       FROM json_each(?2) j
       CROSS JOIN rollups r ON r.project = ?1 AND r.grain = j.value->>'grain' AND r.dimension = j.value->>'dimension'
         AND r.bucket >= (j.value->>'from') AND r.bucket < (j.value->>'to')`,
    )
    .bind(project, withShared(spans));
}

/** The spans, and those of the shared rows, as JSON. */
function withShared(spans: readonly RollupSpan[]): string {
  const shared = sharedSpans(spans).map((span) => ({ ...span, dimension: SHARED }));
  return JSON.stringify([...spans, ...shared]);
}

/** The rows of `selectSpans`. */
export function spanRowsOf(result: D1Result, spans: readonly RollupSpan[]): RollupRow[] {
  return unpackSpans(result.results as StoredRow[], spans);
}

/**
 * The statement that lists the rows of spans of depth `key`. To find the end of a key's range SQLite reads all of
 * each row, bodies of megabytes in all; a start and a limit avoid that.
 */
export function selectBuckets(
  db: D1Database,
  project: string,
  spans: readonly RollupSpan[],
): D1PreparedStatement {
  const most = Math.max(
    0,
    ...spans.map(({ grain, from, to }) => Math.ceil((to - from) / LEAST_MS[grain]) + 1),
  );
  return db
    .prepare(
      `WITH spans AS MATERIALIZED (
         SELECT value->>'grain' AS grain, value->>'dimension' AS dimension, value->>'from' AS start, value->>'to' AS stop
         FROM json_each(?2))
       SELECT s.grain, s.dimension,
         (SELECT group_concat(CASE r.sealed WHEN 1 THEN r.bucket ELSE r.bucket || '?' END)
          FROM (SELECT project, grain, dimension, bucket, sealed FROM rollups
                WHERE (project, grain, dimension, bucket) >= (?1, s.grain, s.dimension, s.start)
                ORDER BY project, grain, dimension, bucket LIMIT ?3) r
          WHERE r.project = ?1 AND r.grain = s.grain AND r.dimension = s.dimension AND r.bucket < s.stop) AS buckets
       FROM spans s`,
    )
    .bind(project, withShared(spans), most);
}

/** The rows of `selectBuckets`, without bodies. */
export function bucketsOf(result: D1Result, spans: readonly RollupSpan[]): RollupRow[] {
  const found = result.results as { grain: RollupGrain; dimension: string; buckets: string | null }[];
  const stored = found.flatMap(({ grain, dimension, buckets }) =>
    (buckets?.split(",") ?? []).map((name): StoredRow => {
      const sealed = name.endsWith("?") ? 0 : 1;
      const body = dimension === SHARED ? "{}" : "";
      return { grain, dimension, bucket: Number.parseInt(name, 10), sealed, body };
    }),
  );
  return unpackSpans(stored, spans);
}

/** The rows of the table by dimension, all that the shared rows contain; those unknown to this version are left out. */
export function rowsOf(result: D1Result): PlacedRow[] {
  return unpackRows(result.results as StoredRow[]);
}

/** Rows of a project. `before`: the rows of the same buckets as stored; none: the buckets are new. */
export interface ProjectRows {
  project: string;
  rows: readonly RollupRow[];
  before?: readonly PlacedRow[] | undefined;
}

/** Statements that write rows, replacing existing ones that differ, each within the size of a parameter. */
export function writeRows(db: D1Database, written: readonly ProjectRows[]): D1PreparedStatement[] {
  const rows = written.flatMap(({ project, rows, before = [] }) =>
    placeRows(rows, before).map((row) => ({ project, ...row })),
  );
  return insertRows(db, "rollups", rows);
}

/** The same for rows of a derivation that is not finished: nothing reads them, and none is shared. */
export function stageRows(
  db: D1Database,
  project: string,
  rows: readonly RollupRow[],
): D1PreparedStatement[] {
  return insertRows(
    db,
    "derived_rollups",
    rows.map((row) => ({ project, ...storedOf(row) })),
  );
}

function insertRows(
  db: D1Database,
  table: "rollups" | "derived_rollups",
  rows: readonly (StoredRow & { project: string })[],
): D1PreparedStatement[] {
  const sql = `INSERT INTO ${table} (project, grain, dimension, bucket, sealed, body)
    SELECT j.value->>'project', j.value->>'grain', j.value->>'dimension', j.value->>'bucket', j.value->>'sealed',
      j.value->>'body'
    FROM json_each(?1) j WHERE true
    ON CONFLICT DO UPDATE SET sealed = excluded.sealed, body = excluded.body
    WHERE sealed IS NOT excluded.sealed OR body IS NOT excluded.body`;
  return chunked(rows.map((row) => JSON.stringify(row))).map((json) => db.prepare(sql).bind(json));
}

/** The statement that removes all rows of a project whose buckets lie in `[from, to)`. */
export function deleteBuckets(
  db: D1Database,
  project: string,
  from: number,
  to: number,
): D1PreparedStatement {
  return db
    .prepare("DELETE FROM rollups WHERE project = ?1 AND bucket >= ?2 AND bucket < ?3")
    .bind(project, from, to);
}

/** Rows that one statement of `replaceRows` compares. */
const KEYS = 5_000;

/**
 * Statements that replace all rows of a project whose buckets lie in `[from, to)`, and write only what differs: D1 bills
 * per row written, and a late event changes few of a day's rows.
 */
export function replaceRows(
  db: D1Database,
  project: string,
  { from, to }: TimeRange,
  rows: readonly RollupRow[],
): D1PreparedStatement[] {
  const ordered = placeRows(rows, []).sort((a, b) => a.bucket - b.bucket);
  const deletions: D1PreparedStatement[] = [];
  for (let at = 0, start = from; start < to; ) {
    // All rows of a bucket, some dozens, are compared by one statement.
    const end = ordered[at + KEYS]?.bucket ?? to;
    const first = at;
    while (at < ordered.length && ordered[at]!.bucket < end) at++;
    deletions.push(deleteOthers(db, project, { from: start, to: end }, ordered.slice(first, at)));
    start = end;
  }
  const inserted = ordered.map((row) => ({ project, ...row }));
  return [...deletions, ...insertRows(db, "rollups", inserted)];
}

/** Deletes the rows of a range but those of the same names as `rows`. */
function deleteOthers(
  db: D1Database,
  project: string,
  { from, to }: TimeRange,
  rows: readonly StoredRow[],
): D1PreparedStatement {
  const keys = rows.map(({ grain, dimension, bucket }) => [grain, dimension, bucket]);
  return db
    .prepare(
      `DELETE FROM rollups WHERE project = ?1 AND bucket >= ?2 AND bucket < ?3
       AND (grain, dimension, bucket) NOT IN (SELECT j.value->>0, j.value->>1, j.value->>2 FROM json_each(?4) j)`,
    )
    .bind(project, from, to, JSON.stringify(keys));
}
