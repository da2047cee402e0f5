/**
 * Diffs: compares what was read with what is stored, so that only differences are written.
 * @module
 */
import { chunked } from "../../lib/json-params";
import type { DayPage, KeyedRecord } from "./rows";
import { TARGET_CONDITION, type Target, targetParameters } from "./statements";

/** Maximum number of keys of one result. */
const KEYS = 20_000;

/** Returns the records that are new, differ from the stored ones or had been removed. Keys must be distinct. */
export async function changedRecords(
  db: D1Database,
  target: Target,
  records: readonly KeyedRecord[],
): Promise<KeyedRecord[]> {
  if (records.length === 0) return [];
  const statements = chunked(records.map(({ key, body }) => JSON.stringify([key, body]))).map((json) =>
    db
      .prepare(
        `SELECT j.value->>0 AS key FROM json_each(?6) j LEFT JOIN source_records r
           ON r.project = ?1 AND r.source = ?2 AND r.stream = ?3 AND r.account = ?4 AND r.generation = ?5
           AND r.key = j.value->>0
         WHERE r.key IS NULL OR r.removed_at IS NOT NULL OR r.body <> j.value->>1`,
      )
      .bind(...targetParameters(target), json),
  );
  const results = await db.batch<{ key: string }>(statements);
  const changed = new Set(results.flatMap((result) => result.results.map(({ key }) => key)));
  return records.filter(({ key }) => changed.has(key));
}

/** Returns the keys of the records that are not removed. */
export async function existingKeys(db: D1Database, target: Target): Promise<string[]> {
  const keys: string[] = [];
  for (;;) {
    const { results } = await db
      .prepare(
        `SELECT key FROM source_records WHERE ${TARGET_CONDITION} AND key > ?6 AND removed_at IS NULL ORDER BY key LIMIT ?7`,
      )
      .bind(...targetParameters(target), keys.at(-1) ?? "", KEYS)
      .all<{ key: string }>();
    for (const { key } of results) keys.push(key);
    if (results.length < KEYS) return keys;
  }
}

/** Returns the keys whose records exist and are not removed. */
export async function existingAmong(
  db: D1Database,
  target: Target,
  keys: readonly string[],
): Promise<string[]> {
  if (keys.length === 0) return [];
  const statements = chunked(keys.map((key) => JSON.stringify(key))).map((json) =>
    db
      .prepare(
        `SELECT key FROM source_records WHERE ${TARGET_CONDITION} AND key IN (SELECT value FROM json_each(?6))
           AND removed_at IS NULL`,
      )
      .bind(...targetParameters(target), json),
  );
  const results = await db.batch<{ key: string }>(statements);
  return results.flatMap((result) => result.results.map(({ key }) => key));
}

/** Returns the days that differ from the stored ones. */
export async function changedDays(
  db: D1Database,
  target: Target,
  days: readonly DayPage[],
): Promise<DayPage[]> {
  if (days.length === 0) return [];
  const { results } = await db
    .prepare(
      `SELECT p.day, p.body FROM json_each(?6) j CROSS JOIN source_pages p
         ON p.project = ?1 AND p.source = ?2 AND p.stream = ?3 AND p.account = ?4 AND p.generation = ?5 AND p.day = j.value
       ORDER BY p.day, p.part`,
    )
    .bind(...targetParameters(target), JSON.stringify(days.map(({ day }) => day)))
    .all<{ day: string; body: string }>();
  const stored = Map.groupBy(results, ({ day }) => day);
  return days.filter(({ day, parts }) => {
    const own = stored.get(day) ?? [];
    return own.length !== parts.length || own.some(({ body }, i) => body !== parts[i]?.body);
  });
}
