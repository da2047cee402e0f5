/**
 * Rollup rows in D1.
 * @module
 */
import type { StoredRollupRow } from "../../../schema/tables/shard";
import { chunked } from "../../lib/json-params";
import { HOUR_MS } from "../../lib/time";
import { DIMENSIONS, type Dimension } from "./dimensions";

export type RollupGrain = "hour" | "day";

/** Names one row. */
export interface RollupKey {
  grain: RollupGrain;
  dimension: Dimension;
  /** Start of the bucket, epoch ms UTC. */
  bucket: number;
}

export interface RollupRow extends RollupKey {
  sealed: boolean;
  body: string;
}

/** A run of buckets of one dimension, half-open. */
export interface RollupSpan {
  grain: RollupGrain;
  dimension: Dimension;
  from: number;
  to: number;
  depth: Depth;
}

/**
 * How much of a row is read, from least to most: only that it exists; also its values, counts and sizes; also its
 * lasting sets; all of it.
 */
export const DEPTHS = ["key", "counts", "lasting", "sets"] as const;
export type Depth = (typeof DEPTHS)[number];

type StoredRow = Pick<StoredRollupRow, "dimension" | "bucket" | "sealed" | "body"> & { grain: RollupGrain };

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
    .bind(project, JSON.stringify(spans));
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
    .bind(project, JSON.stringify(spans), most);
}

/** The rows of `selectBuckets`, without bodies. */
export function bucketsOf(result: D1Result): RollupRow[] {
  const found = result.results as {
    grain: RollupGrain;
    dimension: string;
    buckets: string | null;
  }[];
  return found.flatMap(({ grain, dimension, buckets }) => {
    if (buckets === null || !isDimension(dimension)) return [];
    return buckets.split(",").map((name) => {
      const bucket = Number.parseInt(name, 10);
      return { grain, dimension, bucket, sealed: !name.endsWith("?"), body: "" };
    });
  });
}

/** The statement that reads single rows. */
export function selectKeys(db: D1Database, project: string, keys: readonly RollupKey[]): D1PreparedStatement {
  return db
    .prepare(
      `SELECT r.grain, r.dimension, r.bucket, r.sealed, r.body FROM json_each(?2) j
       CROSS JOIN rollups r ON r.project = ?1 AND r.grain = j.value->>0 AND r.dimension = j.value->>1 AND r.bucket = j.value->>2`,
    )
    .bind(project, JSON.stringify(keys.map(({ grain, dimension, bucket }) => [grain, dimension, bucket])));
}

/** Types the rows of `selectSpans` and `selectKeys`; rows of a dimension unknown to this version are skipped. */
export function rowsOf(result: D1Result): RollupRow[] {
  return (result.results as StoredRow[]).flatMap((row) =>
    isDimension(row.dimension) ? [{ ...row, dimension: row.dimension, sealed: row.sealed === 1 }] : [],
  );
}

function isDimension(name: string): name is Dimension {
  return name in DIMENSIONS;
}

/**
 * Statements that write rows, replacing existing ones, each within the size of a parameter. Nothing reads those in
 * `derived_rollups` before the derivation that wrote them commits.
 */
export function writeRows(
  db: D1Database,
  project: string,
  rows: readonly RollupRow[],
  table: "rollups" | "derived_rollups" = "rollups",
): D1PreparedStatement[] {
  const sql = `INSERT INTO ${table} (project, grain, dimension, bucket, sealed, body)
    SELECT ?1, j.value->>'grain', j.value->>'dimension', j.value->>'bucket', j.value->>'sealed', j.value->>'body'
    FROM json_each(?2) j WHERE true
    ON CONFLICT DO UPDATE SET sealed = excluded.sealed, body = excluded.body`;
  return chunked(rows.map((row) => JSON.stringify({ ...row, sealed: row.sealed ? 1 : 0 }))).map((json) =>
    db.prepare(sql).bind(project, json),
  );
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
