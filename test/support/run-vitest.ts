/**
 * Runs programs of the project, with their output shown.
 * @module
 */
import { spawn } from "node:child_process";
import path from "node:path";
import { createInterface } from "node:readline";

const ROOT = path.join(import.meta.dirname, "../..");

export interface RunOptions {
  /** Printed before each line of output, for programs that run side by side. Default: output passes unchanged. */
  prefix?: string;
}

/** Runs a program of `node_modules/.bin` or of the machine. Resolves to whether it exited with 0. */
export function run(program: string, args: string[], { prefix }: RunOptions = {}): Promise<boolean> {
  const [command, ...rest] = program === "npm" ? [program, ...args] : ["npx", program, ...args];
  const child = spawn(command, rest, { cwd: ROOT, stdio: prefix ? ["ignore", "pipe", "pipe"] : "inherit" });
  for (const stream of [child.stdout, child.stderr]) {
    if (stream) createInterface({ input: stream }).on("line", (line) => console.log(`${prefix}${line}`));
  }
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => resolve(code === 0));
  });
}

/** Runs the tests of a config under `test/` with further arguments, such as paths, and writes a JSON report. */
export function runVitest(
  config: string,
  report: string,
  { args = [], ...options }: RunOptions & { args?: string[] } = {},
): Promise<boolean> {
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${report}`];
  return run("vitest", ["run", "--config", `test/${config}`, ...reporters, ...args], options);
}
