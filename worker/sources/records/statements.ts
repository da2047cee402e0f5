/**
 * SQL statements of a commit. Each takes its rows as one JSON parameter.
 * @module
 */
import { chunked } from "../../lib/json-params";
import { keyParameters, OF_KEY, type StreamKey } from "./cursor";
import type { DayPage, KeyedRecord } from "./rows";

/** The generation of a stream to write to. */
export interface Target extends StreamKey {
  generation: number;
}

/** ?1 to ?5 of the statements below. */
export const targetParameters = (target: Target): [string, string, string, string, number] => [
  ...keyParameters(target),
  target.generation,
];
export const TARGET_CONDITION = `${OF_KEY} AND generation = ?5`;

/** Inserts records, replacing those with the same keys. */
export function writeRecords(
  db: D1Database,
  target: Target,
  records: readonly KeyedRecord[],
  now: number,
): D1PreparedStatement[] {
  return chunked(records.map(({ key, body }) => JSON.stringify([key, body]))).map((json) =>
    db
      .prepare(
        `INSERT INTO source_records (project, source, stream, account, generation, key, body, changed_at, removed_at)
         SELECT ?1, ?2, ?3, ?4, ?5, j.value->>0, j.value->>1, ?6, NULL FROM json_each(?7) j WHERE true
         ON CONFLICT DO UPDATE SET body = excluded.body, changed_at = excluded.changed_at, removed_at = NULL`,
      )
      .bind(...targetParameters(target), now, json),
  );
}

/** Marks records as removed; ignores unknown keys. */
export function removeKeys(
  db: D1Database,
  target: Target,
  keys: readonly string[],
  now: number,
): D1PreparedStatement[] {
  return chunked(keys.map((key) => JSON.stringify(key))).map((json) =>
    db
      .prepare(
        `UPDATE source_records SET removed_at = ?6, changed_at = ?6
         WHERE ${TARGET_CONDITION} AND key IN (SELECT value FROM json_each(?7)) AND removed_at IS NULL`,
      )
      .bind(...targetParameters(target), now, json),
  );
}

/** Replaces stored days. */
export function replaceDays(
  db: D1Database,
  target: Target,
  days: readonly DayPage[],
  now: number,
): D1PreparedStatement[] {
  const counts = chunked(days.map(({ day, parts }) => JSON.stringify([day, parts.length])));
  const parts = days.flatMap(({ day, parts }) =>
    parts.map(({ body, rows }, part) => JSON.stringify([day, part, body, rows])),
  );
  return [
    ...counts.map((json) =>
      db
        .prepare(
          `DELETE FROM source_pages WHERE ${TARGET_CONDITION} AND (day, part) IN (
             SELECT p.day, p.part FROM json_each(?6) j JOIN source_pages p ON ${TARGET_CONDITION.replaceAll(/(\w+) =/g, "p.$1 =")}
               AND p.day = j.value->>0 AND p.part >= j.value->>1)`,
        )
        .bind(...targetParameters(target), json),
    ),
    ...chunked(parts).map((json) =>
      db
        .prepare(
          `INSERT INTO source_pages (project, source, stream, account, generation, day, part, body, rows, changed_at)
           SELECT ?1, ?2, ?3, ?4, ?5, j.value->>0, j.value->>1, j.value->>2, j.value->>3, ?6 FROM json_each(?7) j
           WHERE true ON CONFLICT DO UPDATE SET body = excluded.body, rows = excluded.rows, changed_at = excluded.changed_at`,
        )
        .bind(...targetParameters(target), now, json),
    ),
  ];
}

/** `change` includes the clock, so that a deleted and reinserted row differs. */
const RAISE = "ON CONFLICT DO UPDATE SET change = max(change + 1, excluded.change)";

/** Marks rows as pending for the marts. */
export function markPending(
  db: D1Database,
  { project, source, stream }: StreamKey,
  months: readonly string[],
  now: number,
): D1PreparedStatement[] {
  if (months.length === 0) return [];
  return [
    db
      .prepare(
        `INSERT INTO dirty_records (project, source, stream, month, change)
         SELECT ?1, ?2, ?3, j.value, ?4 FROM json_each(?5) j WHERE true ${RAISE}`,
      )
      .bind(project, source, stream, now, JSON.stringify(months)),
  ];
}

/** Marks all rows of both generations as pending, because queries switch from one to the other. */
export function markSwapped(
  db: D1Database,
  key: StreamKey,
  before: number,
  after: number,
  now: number,
): D1PreparedStatement {
  return db
    .prepare(
      `INSERT INTO dirty_records (project, source, stream, month, change)
       SELECT ?1, ?2, ?3, month, ?7 FROM (
         SELECT substr(day, 1, 7) AS month FROM source_pages WHERE ${OF_KEY} AND generation IN (?5, ?6)
         UNION SELECT '' FROM source_records WHERE ${OF_KEY} AND generation IN (?5, ?6)) WHERE true ${RAISE}`,
    )
    .bind(...keyParameters(key), before, after, now);
}
