/**
 * `npm test`: types, lint, unit and workerd tests, the built tracker and the whole product in a browser.
 * Parts can be named: `npm test -- types worker`. Ends with the slowest files and tests of all parts.
 * @module
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { buildIfStale } from "../demo/fresh-build.ts";
import { ensureBrowser } from "./support/ensure-browser.ts";
import { run, runVitest } from "./support/run-vitest.ts";
import { printSlowest } from "./support/slowest.ts";

const reports = mkdtempSync(path.join(tmpdir(), "selvedge-reports-"));
const vitest = (part: string, config: string) => () => runVitest(config, path.join(reports, `${part}.json`));

const PARTS: Record<string, () => boolean> = {
  types: () => run("tsc", "--noEmit"),
  lint: () => run("npm", "run", "--silent", "lint"),
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
  worker: vitest("worker", "vitest.config.ts"),
  sdk: vitest("sdk", "vitest.sdk.config.ts"),
  flow: vitest("flow", "vitest.flow.config.ts"),
};

const named = process.argv.slice(2);
const unknown = named.filter((name) => !Object.hasOwn(PARTS, name));
if (unknown.length) {
  console.error(`There is no part ${unknown.join(", ")}; the parts are ${Object.keys(PARTS).join(", ")}.`);
  process.exit(1);
}
const failed: string[] = [];
const durations: Record<string, string> = {};
const started = Date.now();
for (const [name, part] of Object.entries(PARTS)) {
  if (named.length && !named.includes(name)) continue;
  console.log(`\n── ${name}`);
  const before = Date.now();
  if (!part()) failed.push(name);
  durations[name] = seconds(before);
  console.log(`── ${name}: ${failed.includes(name) ? "failed" : "passed"} in ${durations[name]}`);
}
printSlowest(reports);
rmSync(reports, { recursive: true });
const ran = Object.entries(durations);
console.log(`\n${ran.map(([name, took]) => `${name} ${took}`).join(", ")}`);
console.log(`parts: ${ran.length - failed.length} passed, ${failed.length} failed (${seconds(started)})`);
if (failed.length) console.log(`failed: ${failed.join(", ")}`);
process.exitCode = failed.length ? 1 : 0;

function seconds(since: number): string {
  return `${((Date.now() - since) / 1000).toFixed(1)} s`;
}
