/**
 * `npm run test:long`: drivers on a thousand random schedules each, and first syncs of large ad accounts.
 * `npm test` runs the same tests with few. `SOURCE_SCHEDULES` and `SOURCE_CAMPAIGNS` take other numbers.
 * @module
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { runVitest } from "./support/run-vitest.ts";
import { printSlowest } from "./support/slowest.ts";

process.env.SOURCE_SCHEDULES ??= "1000";
process.env.SOURCE_CAMPAIGNS ??= "250";
const reports = mkdtempSync(path.join(tmpdir(), "selvedge-reports-"));
const hasPassed = runVitest(
  "vitest.node.config.ts",
  path.join(reports, "long.json"),
  "test/node/source-driver",
  "test/node/source-backfill.test.ts",
);
printSlowest(reports);
rmSync(reports, { recursive: true });
process.exitCode = hasPassed ? 0 : 1;
