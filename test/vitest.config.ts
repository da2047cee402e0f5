import path from "node:path";
import { cloudflareTest, readD1Migrations } from "@cloudflare/vitest-plugin";
import { defineConfig } from "vitest/config";

const root = path.join(import.meta.dirname, "..");
const migrations = (database: string) => readD1Migrations(path.join(root, "schema/migrations", database));

/** Tests that run inside workerd, against D1, R2, Queues and Durable Objects as miniflare runs them. */
export default defineConfig({
  root,
  plugins: [
    cloudflareTest(async () => ({
      wrangler: { configPath: path.join(root, "wrangler.toml") },
      miniflare: {
        d1Databases: { SHARD_1: "shard-1", SHARD_2: "shard-2" },
        bindings: {
          AUTH_SECRET: "test-secret-of-at-least-thirty-two-characters",
          SIGNUP: "open",
          SOURCE_KEYS: `test:${Buffer.alloc(32, 7).toString("base64")}`,
          MIGRATIONS: { control: await migrations("control"), shard: await migrations("shard") },
        },
      },
    })),
  ],
  test: {
    include: ["test/{worker,contract}/**/*.test.ts"],
    setupFiles: ["test/support/setup.ts"],
    globalSetup: ["test/support/vendors/host.ts"],
    // Of all storage calls of the fold, every sixteenth fails once; every one in `npm run test:long`.
    provide: {
      failingCallStep: Number(process.env.FAILING_CALL_STEP ?? 16),
      foldRuns: Number(process.env.FOLD_RUNS ?? 12),
    },
    testTimeout: 30_000,
    hookTimeout: 30_000,
    // One isolate for many files: starting workerd and reading the modules again costs seconds a file.
    // setup.ts empties the storage before each file.
    isolate: false,
  },
});
