import { applyD1Migrations, reset } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeAll } from "vitest";

// Files share an isolate, so each begins with empty storage.
beforeAll(async () => {
  const tables = await tablesOfDays();
  await reset();
  await applyD1Migrations(env.CONTROL, env.MIGRATIONS.control);
  await applyD1Migrations(env.SHARD_0, env.MIGRATIONS.shard);
  if (tables.length) await env.SHARD_0.batch(tables.map((sql) => env.SHARD_0.prepare(sql)));
});

/** Tables that the pipeline made for single days: it remembers in the isolate that they exist. */
async function tablesOfDays(): Promise<string[]> {
  const { results } = await env.SHARD_0.prepare(
    "SELECT sql FROM sqlite_master WHERE type = 'table' AND name GLOB 'applied_[0-9]*'",
  ).all<{ sql: string }>();
  return results.map(({ sql }) => sql);
}
