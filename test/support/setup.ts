import { applyD1Migrations, reset } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterAll, beforeAll, expect } from "vitest";
import { D1_LIMITS } from "../../worker/lib/platform-limits";
import { enforceLimits, largestRows } from "./limits";

const shards = [env.SHARD_0, env.SHARD_1, env.SHARD_2];

enforceLimits({ db: env.CONTROL, lake: env.LAKE, queue: env.EVENTS });

/** The database's tables, but those of D1 itself. */
const tablesIn = (db: D1Database) =>
  db
    .prepare("SELECT count(*) AS n FROM sqlite_master WHERE type = 'table' AND name NOT GLOB '_cf_*'")
    .first<number>("n");

/**
 * Deletes all storage. A database that still answers a call of the file before keeps its rows, so it is tried again.
 * @throws when a database is not empty after that.
 */
async function emptyStorage(): Promise<void> {
  let left: (number | null)[] = [];
  for (let tries = 0; tries < 5; tries++) {
    await reset();
    left = await Promise.all([env.CONTROL, ...shards].map(tablesIn));
    if (left.every((tables) => tables === 0)) return;
  }
  throw new Error(`Storage was not emptied: ${left} tables are left`);
}

// Files share an isolate, so each starts with empty storage.
beforeAll(async () => {
  await emptyStorage();
  await applyD1Migrations(env.CONTROL, env.MIGRATIONS.control);
  for (const shard of shards) await applyD1Migrations(shard, env.MIGRATIONS.shard);
});

// A row can exceed the limit even though no parameter did.
afterAll(async () => {
  for (const db of [env.CONTROL, ...shards])
    for (const [table, bytes] of await largestRows(db))
      expect(bytes, `largest row of ${table}`).toBeLessThanOrEqual(D1_LIMITS.valueBytes);
});
