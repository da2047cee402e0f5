import path from "node:path";
import { defineConfig } from "vitest/config";

/** The built product in one process, driven over HTTP and by a real browser. */
export default defineConfig({
  root: path.join(import.meta.dirname, ".."),
  test: {
    include: ["test/flow/**/*.test.ts"],
    environment: "node",
    testTimeout: 120_000,
    hookTimeout: 120_000,
    fileParallelism: false,
  },
});
