import { applyD1Migrations, reset } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeAll } from "vitest";

// Files share an isolate, so each starts with empty storage.
beforeAll(async () => {
  await reset();
  await applyD1Migrations(env.CONTROL, env.MIGRATIONS.control);
  await applyD1Migrations(env.SHARD_0, env.MIGRATIONS.shard);
});
