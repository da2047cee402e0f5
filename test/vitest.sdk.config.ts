import path from "node:path";
import { defineConfig } from "vitest/config";

/** The built tracker and the demo page, in a real browser. */
export default defineConfig({
  root: path.join(import.meta.dirname, ".."),
  test: {
    environment: "node",
    include: ["test/sdk/**/*.test.ts"],
    globalSetup: ["test/sdk/build.ts"],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 20_000 } },
    maxWorkers: 2,
  },
});
