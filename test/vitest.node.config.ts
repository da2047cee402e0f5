import path from "node:path";
import { defineConfig } from "vitest/config";

/** Tests that run in Node: what needs the file system, a native library or no Worker at all. */
export default defineConfig({
  root: path.join(import.meta.dirname, ".."),
  test: {
    include: ["test/node/**/*.test.ts"],
    environment: "node",
    testTimeout: 30_000,
    // Drivers are tried on schedules for minutes: on every core.
    maxWorkers: "100%",
  },
});
