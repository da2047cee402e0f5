import { applyD1Migrations } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeAll } from "vitest";

beforeAll(async () => {
  await applyD1Migrations(env.CONTROL, env.MIGRATIONS.control);
  await applyD1Migrations(env.SHARD_0, env.MIGRATIONS.shard);
});
