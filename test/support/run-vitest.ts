/**
 * Runs programs of the project, with their output shown.
 * @module
 */
import { spawnSync } from "node:child_process";
import path from "node:path";

const ROOT = path.join(import.meta.dirname, "../..");

/** Runs a program of `node_modules/.bin` or of the machine. Returns whether it exited with 0. */
export function run(program: string, ...args: string[]): boolean {
  const isOwn = program !== "npm";
  return (
    spawnSync(isOwn ? "npx" : program, isOwn ? [program, ...args] : args, { cwd: ROOT, stdio: "inherit" })
      .status === 0
  );
}

/** Runs the tests of a config under `test/`, all or those under the given paths, and writes a JSON report. */
export function runVitest(config: string, report: string, ...paths: string[]): boolean {
  return run(
    "vitest",
    "run",
    "--config",
    `test/${config}`,
    "--reporter=default",
    "--reporter=json",
    `--outputFile.json=${report}`,
    ...paths,
  );
}
