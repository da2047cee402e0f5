/**
 * Garbage collection: deletes objects that are no longer, or never became, part of the lake.
 * @module
 */
import { DATASETS, type Dataset } from "./columns.ts";
import { segmentPath } from "./segment.ts";

/** A query that read the manifest before a merge may still read the inputs for this long. */
const GRACE_MS = 3_600_000;
/** Longer than any writer runs: an object of this age that nothing references never will be referenced. */
const ORPHAN_MS = 86_400_000;
/** R2 deletes up to 1,000 keys in one call (R2 › Workers API › delete). */
const BATCH = 1_000;

/**
 * Deletes the objects of segments dead for an hour, then their manifest rows, and unreferenced objects after a
 * day. The bucket must belong to this shard alone: objects of another manifest would look unreferenced.
 */
export async function collect(db: D1Database, lake: R2Bucket, now: number): Promise<{ deleted: number }> {
  const dead = await collectDead(db, lake, now);
  const orphans = await collectOrphans(db, lake, now);
  return { deleted: dead + orphans };
}

interface DeadRow {
  dataset: Dataset;
  id: string;
  level: number;
}

/** Batches of one collection, 30,000 segments: an hour has 3,600 deliveries at one a second. */
const MAX_BATCHES = 30;

async function collectDead(db: D1Database, lake: R2Bucket, now: number): Promise<number> {
  let deleted = 0;
  for (let batch = 0; batch < MAX_BATCHES; batch++) {
    const count = await collectDeadBatch(db, lake, now);
    deleted += count;
    if (count < BATCH) break;
  }
  return deleted;
}

async function collectDeadBatch(db: D1Database, lake: R2Bucket, now: number): Promise<number> {
  const { results } = await db
    .prepare("SELECT dataset, id, level FROM segments WHERE dead_at <= ?1 LIMIT ?2")
    .bind(now - GRACE_MS, BATCH)
    .all<DeadRow>();
  if (results.length === 0) return 0;
  await lake.delete(results.map(({ dataset, level, id }) => segmentPath(dataset, level, id)));
  const keys = JSON.stringify(results.map(({ dataset, id }) => [dataset, id]));
  await db
    .prepare(
      `DELETE FROM segments WHERE dead_at IS NOT NULL AND (dataset, id) IN
       (SELECT value ->> '$[0]', value ->> '$[1]' FROM json_each(?1))`,
    )
    .bind(keys)
    .run();
  return results.length;
}

async function collectOrphans(db: D1Database, lake: R2Bucket, now: number): Promise<number> {
  let deleted = 0;
  for (const dataset of Object.keys(DATASETS)) {
    let cursor: string | undefined;
    do {
      const page = await lake.list({ prefix: `lake/v1/${dataset}/log/`, ...(cursor ? { cursor } : {}) });
      const old = page.objects.filter((object) => object.uploaded.getTime() <= now - ORPHAN_MS);
      const orphans = await unreferenced(
        db,
        dataset,
        old.map((object) => object.key),
      );
      if (orphans.length > 0) await lake.delete(orphans);
      deleted += orphans.length;
      cursor = page.truncated ? page.cursor : undefined;
    } while (cursor);
  }
  return deleted;
}

async function unreferenced(db: D1Database, dataset: string, keys: string[]): Promise<string[]> {
  if (keys.length === 0) return [];
  const ids = keys.map((key) => [key, key.slice(key.lastIndexOf("-") + 1, -".parquet".length)]);
  const { results } = await db
    .prepare(
      `SELECT j.value ->> '$[0]' AS key FROM json_each(?1) j
       LEFT JOIN segments s ON s.dataset = ?2 AND s.id = j.value ->> '$[1]' WHERE s.id IS NULL`,
    )
    .bind(JSON.stringify(ids), dataset)
    .all<{ key: string }>();
  return results.map((row) => row.key);
}
