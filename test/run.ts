/**
 * `npm test`: types, lint, unit and workerd tests, the built tracker and the whole product in a browser.
 * Parts can be named: `npm test -- types worker`. Ends with the slowest files and tests of all parts and with what failed.
 * @module
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { buildIfStale } from "../demo/fresh-build.ts";
import { ensureBrowser } from "./support/ensure-browser.ts";
import { printReports } from "./support/print-reports.ts";
import { type RunOptions, run, runVitest } from "./support/run-vitest.ts";

/** One part of the tests. Resolves to whether it passed. */
type Part = (options: RunOptions) => boolean | Promise<boolean>;

const reports = mkdtempSync(path.join(tmpdir(), "selvedge-reports-"));
const vitest =
  (name: string, config: string, args: string[] = []): Part =>
  (options) =>
    runVitest(config, path.join(reports, `${name}.json`), { ...options, args });

const PARTS: Record<string, Part> = {
  types: (options) => run("tsc", ["--noEmit"], options),
  lint: (options) => run("npm", ["run", "--silent", "lint"], options),
  browser: () => {
    ensureBrowser();
    return true;
  },
  build: () => {
    buildIfStale();
    return true;
  },
  node: vitest("node", "vitest.node.config.ts"),
  app: vitest("app", "vitest.app.config.ts"),
  "worker-1": vitest("worker-1", "vitest.config.ts", ["--shard=1/2"]),
  "worker-2": vitest("worker-2", "vitest.config.ts", ["--shard=2/2"]),
  sdk: vitest("sdk", "vitest.sdk.config.ts"),
  flow: vitest("flow", "vitest.flow.config.ts"),
};

/**
 * The order of the parts: stages one after another, the lanes of a stage side by side. Worker tests use at most one core
 * and browser tests half of one; the parts of the other stages use all cores.
 */
const STAGES: string[][][] = [
  [
    ["types", "lint"],
    ["browser", "build"],
  ],
  [["node"], ["app"]],
  [["worker-1"], ["worker-2"], ["sdk", "flow"]],
];

const named = process.argv.slice(2);
/** The name of a part without the number of its half. */
const wholeOf = (part: string): string => part.replace(/-\d$/, "");
const known = new Set(Object.keys(PARTS).map(wholeOf));
const unknown = named.filter((name) => !known.has(name));
if (unknown.length) {
  console.error(`There is no part ${unknown.join(", ")}; the parts are ${[...known].join(", ")}.`);
  process.exit(1);
}
const failed: string[] = [];
const durations: Record<string, string> = {};
const started = Date.now();
for (const stage of STAGES) {
  const lanes = stage
    .map((lane) => lane.filter((name) => !named.length || named.includes(wholeOf(name))))
    .filter((lane) => lane.length > 0);
  await Promise.all(lanes.map((lane) => runLane(lane, lanes.length > 1)));
}
printReports(reports);
rmSync(reports, { recursive: true });
const ran = Object.entries(durations);
console.log(`\n${ran.map(([name, took]) => `${name} ${took}`).join(", ")}`);
console.log(`parts: ${ran.length - failed.length} passed, ${failed.length} failed (${seconds(started)})`);
if (failed.length) console.log(`failed: ${failed.join(", ")}`);
process.exitCode = failed.length ? 1 : 0;

/** Runs parts one after another. Beside other lanes, each line begins with the part's name. */
async function runLane(lane: string[], isBesideOthers: boolean): Promise<void> {
  for (const name of lane) {
    console.log(`\n── ${name}`);
    const before = Date.now();
    const hasPassed = await PARTS[name]?.(isBesideOthers ? { prefix: `${name.padEnd(8)} │ ` } : {});
    if (!hasPassed) failed.push(name);
    durations[name] = seconds(before);
    console.log(`── ${name}: ${hasPassed ? "passed" : "failed"} in ${durations[name]}`);
  }
}

function seconds(since: number): string {
  return `${((Date.now() - since) / 1000).toFixed(1)} s`;
}
