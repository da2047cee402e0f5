/**
 * Runs wrangler.
 * @module
 */
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { UsageError } from "./cli/target.ts";
import { ROOT } from "./fresh-build.ts";

/** Output of wrangler. */
export interface Answer {
  code: number;
  stdout: string;
  stderr: string;
}

/** Names in wrangler.toml. */
export interface Names {
  worker: string;
  databases: { binding: string; database: string }[];
}

/** Reads them from the file. @throws UsageError when a name is missing */
export function readNames(): Names {
  const toml = readFileSync(path.join(ROOT, "wrangler.toml"), "utf8");
  const worker = /^name = "(.+)"/m.exec(toml)?.[1];
  const databases = [...toml.matchAll(/binding = "(\w+)"\ndatabase_name = "(.+)"/g)].map(
    ([, binding = "", database = ""]) => ({ binding, database }),
  );
  if (!worker || !databases.length) throw new UsageError("wrangler.toml has no `name` or no `d1_databases`.");
  return { worker, databases };
}

/** Runs wrangler and returns its output. `WRANGLER` names another program to run instead. */
export async function wrangler(
  args: string[],
  { show = false, input }: { show?: boolean; input?: string } = {},
): Promise<Answer> {
  const [program = "npx", ...first] = process.env.WRANGLER?.split(" ") ?? ["npx", "wrangler"];
  const child = spawn(program, [...first, ...args], { cwd: ROOT, stdio: ["pipe", "pipe", "pipe"] });
  child.stdin.on("error", () => {});
  child.stdin.end(input ?? "");
  const answer: Answer = { code: 1, stdout: "", stderr: "" };
  child.stdout.on("data", (text: Buffer) => {
    answer.stdout += text;
    if (show) process.stdout.write(text);
  });
  child.stderr.on("data", (text: Buffer) => {
    answer.stderr += text;
    if (show) process.stderr.write(text);
  });
  answer.code = await new Promise((resolve) => child.on("close", (code) => resolve(code ?? 1)));
  return answer;
}

/** Runs wrangler and parses the JSON that it prints after its banner. @throws UsageError with wrangler's output */
export async function ask<T>(args: string[]): Promise<T> {
  const { code, stdout, stderr } = await wrangler(args);
  const start = stdout.search(/[[{]/);
  if (code !== 0 || start < 0)
    throw new UsageError(`wrangler ${args.join(" ")} failed:\n${(stderr || stdout).trim()}`);
  return JSON.parse(stdout.slice(start)) as T;
}

/** Checks the login. @throws UsageError with the way to log in */
export async function checkLogin(): Promise<void> {
  const { code, stdout } = await wrangler(["whoami", "--json"]);
  if (code === 0 && !/"loggedIn":\s*false/.test(stdout)) return;
  throw new UsageError(
    "Not logged in to Cloudflare. Run `npx wrangler login`, or set CLOUDFLARE_API_TOKEN, then try again.",
  );
}

/** Runs wrangler with its output shown. `input` is its standard input. @throws UsageError when it fails */
export async function mustRun(args: string[], input?: string): Promise<void> {
  const { code } = await wrangler(args, { show: true, ...(input !== undefined && { input }) });
  if (code !== 0)
    throw new UsageError(
      `wrangler ${args.slice(0, 3).join(" ")} failed; see above. The next steps were not run.`,
    );
}
