/**
 * `npm test`: types, lint, unit and workerd tests, the built tracker and the whole product in a browser.
 * Parts can be named: `npm test -- types worker`.
 * @module
 */
import { spawnSync } from "node:child_process";
import path from "node:path";
import { buildIfStale } from "../demo/fresh-build.ts";
import { ensureBrowser } from "./support/ensure-browser.ts";

const ROOT = path.join(import.meta.dirname, "..");
const vitest = (config: string) => () => run("vitest", "run", "--config", `test/${config}`);

const PARTS: Record<string, () => boolean> = {
  types: () => run("tsc", "--noEmit"),
  lint: () => run("biome", "check", "."),
  browser: () => {
    ensureBrowser();
    return true;
  },
  build: () => {
    buildIfStale();
    return true;
  },
  node: vitest("vitest.node.config.ts"),
  app: vitest("vitest.app.config.ts"),
  worker: vitest("vitest.config.ts"),
  sdk: vitest("vitest.sdk.config.ts"),
  flow: vitest("vitest.flow.config.ts"),
};

const named = process.argv.slice(2);
const failed: string[] = [];
const started = Date.now();
for (const [name, part] of Object.entries(PARTS)) {
  if (named.length && !named.includes(name)) continue;
  console.log(`\n── ${name}`);
  const before = Date.now();
  if (!part()) failed.push(name);
  console.log(`── ${name}: ${failed.includes(name) ? "failed" : "passed"} in ${seconds(before)}`);
}
const ran = Object.keys(PARTS).filter((name) => !named.length || named.includes(name)).length;
console.log(`\nparts: ${ran - failed.length} passed, ${failed.length} failed (${seconds(started)})`);
if (failed.length) console.log(`failed: ${failed.join(", ")}`);
process.exitCode = failed.length ? 1 : 0;

function run(program: string, ...args: string[]): boolean {
  return spawnSync("npx", [program, ...args], { cwd: ROOT, stdio: "inherit" }).status === 0;
}

function seconds(since: number): string {
  return `${((Date.now() - since) / 1000).toFixed(1)} s`;
}
