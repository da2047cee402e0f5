/**
 * `npm run test:long`: the tests that `npm test` runs with a small number of cases, with many: drivers on a thousand
 * random schedules each, first syncs of large ad accounts, every storage call of the fold failing, hundreds of
 * imports with changes of the time zone and with repeated ids, twenty kills of the product. The environment variables below take other numbers.
 * @module
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { printReports } from "./support/print-reports.ts";
import { runVitest } from "./support/run-vitest.ts";

/** By the variable that a test reads. */
const DEFAULTS = {
  SOURCE_SCHEDULES: "1000",
  SOURCE_CAMPAIGNS: "250",
  FAILING_CALL_STEP: "1",
  FOLD_RUNS: "100",
  KILLS: "20",
};

/** Test files by their Vitest config. */
const FILES: Record<string, string[]> = {
  "vitest.node.config.ts": ["test/node/source-driver", "test/node/source-backfill.test.ts"],
  "vitest.config.ts": ["crash", "zone", "ids"].map((name) => `test/worker/pipeline/fold/${name}.test.ts`),
  "vitest.flow.config.ts": ["test/flow/kill.test.ts"],
};

for (const [variable, value] of Object.entries(DEFAULTS)) process.env[variable] ??= value;
const reports = mkdtempSync(path.join(tmpdir(), "selvedge-reports-"));
let hasPassed = true;
for (const [config, args] of Object.entries(FILES))
  hasPassed = (await runVitest(config, path.join(reports, `${config}.json`), { args })) && hasPassed;
printReports(reports);
rmSync(reports, { recursive: true });
process.exitCode = hasPassed ? 0 : 1;
