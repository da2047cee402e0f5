import path from "node:path";
import { defineConfig } from "vitest/config";

/** The built tracker in a real browser, and what runs in node beside it. */
export default defineConfig({
  root: path.join(import.meta.dirname, ".."),
  configFile: false,
  test: {
    environment: "node",
    include: ["test/sdk/**/*.test.ts", "test/node/**/*.test.ts"],
    globalSetup: ["test/sdk/build.ts"],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 20_000 } },
    maxWorkers: 2,
  },
});
