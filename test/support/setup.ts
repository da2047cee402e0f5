import { applyD1Migrations, reset } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterAll, beforeAll, expect } from "vitest";
import { D1_LIMITS } from "../../worker/lib/platform-limits";
import { enforceLimits, largestRows } from "./limits";

const shards = [env.SHARD_0, env.SHARD_1, env.SHARD_2];

enforceLimits({ db: env.CONTROL, lake: env.LAKE, queue: env.EVENTS });

// Files share an isolate, so each starts with empty storage.
beforeAll(async () => {
  await reset();
  await applyD1Migrations(env.CONTROL, env.MIGRATIONS.control);
  for (const shard of shards) await applyD1Migrations(shard, env.MIGRATIONS.shard);
});

// A row can exceed the limit even though no parameter did.
afterAll(async () => {
  for (const db of [env.CONTROL, ...shards])
    for (const [table, bytes] of await largestRows(db))
      expect(bytes, `largest row of ${table}`).toBeLessThanOrEqual(D1_LIMITS.valueBytes);
});
