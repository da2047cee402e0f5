/**
 * `npm run test:commands`: every script of package.json in small, against one server with the demo. A script without a
 * small run fails. Names run some of them: `npm run test:commands -- start import`.
 * @module
 */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { makeLog } from "./support/make-log.ts";
import { recordedDeploy, recordedRotation } from "./support/wrangler/recordings.ts";

const ROOT = path.join(import.meta.dirname, "..");
const PORT = process.env.PORT ?? "8797";
/** Limit for one command, and for the first start with its build. */
const COMMAND_MS = 900_000;
const folder = mkdtempSync(path.join(tmpdir(), "selvedge-commands-"));
const env: NodeJS.ProcessEnv = {
  ...process.env,
  PORT,
  SELVEDGE_STATE: path.join(folder, "state"),
  BENCH_SMALL: "1",
};
let server: ChildProcess | undefined;

/** One call of a script. */
interface Call {
  args?: string[];
  env?: Record<string, string>;
  /** What it must print. */
  prints?: RegExp;
  /** Files under version control that it must leave as they are. */
  leaves?: string;
}

const log = path.join(folder, "access.log");
const csv = path.join(folder, "events.csv");
const content = path.join(folder, "content");
const yesterday = new Date(Date.now() - 86_400_000).toISOString().slice(0, 10);

/** Small runs by script, in the order in which they run. */
const SMALL_RUNS: Record<string, Call[]> = {
  typecheck: [{}],
  lint: [{}],
  "db:generate": [{ leaves: "schema/migrations" }],
  build: [{}],
  types: [{ leaves: "schema/env.d.ts" }],
  test: [{ args: ["types"], prints: /parts: 1 passed/ }],
  "test:long": [
    { env: { SOURCE_SCHEDULES: "1", SOURCE_CAMPAIGNS: "1", FAILING_CALL_STEP: "50", KILLS: "1" } },
  ],
  vitest: [{ args: ["run", "test/worker/lib"] }],
  seed: [{ args: ["--days", "1", "--events", "200", "--seed", "7"], prints: /0 events rejected/ }],
  import: [
    { args: [log, "--site", "https://kasuri.example"], prints: /access\.log: 501 lines/ },
    { args: [csv], prints: /events\.csv: 2 lines/ },
  ],
  content: [
    { args: ["pull", content], prints: /files written/ },
    { args: ["diff", content], prints: /No differences/ },
    { args: ["push", content], prints: /No changes/ },
  ],
  rebuild: [{ args: ["--from", yesterday], prints: /derived again/ }],
  models: [{ prints: /tests passed/ }],
  rates: [{ args: ["demo/cli/rates-sample.csv"], prints: /rates read/ }],
  shards: [{ prints: /SHARD_0 .* projects/ }],
  deploy: [
    {
      env: recordedDeploy(folder),
      args: ["--secret", "a-secret-of-thirty-two-characters-or-more"],
      prints: /Deployed/,
    },
  ],
  "rotate-keys": [
    { env: recordedRotation(folder), args: ["--every", "0"], prints: /the old key is removed/ },
  ],
  bench: benchNames().map((name) => ({ args: [name] })),
};
/** Scripts that talk to the running product. */
const NEED_SERVER = new Set(["seed", "import", "content", "rebuild", "models", "rates", "shards"]);
/** Scripts that are tried in another way, or that change files. */
const NOT_RUN: Record<string, string> = {
  start: "the server of the other commands",
  "test:commands": "this run",
  format: "changes files; lint checks the same rules",
};

const scripts: Record<string, string> = JSON.parse(
  readFileSync(path.join(ROOT, "package.json"), "utf8"),
).scripts;
const failures = Object.keys(scripts)
  .filter((name) => !Object.hasOwn(SMALL_RUNS, name) && !Object.hasOwn(NOT_RUN, name))
  .map((name) => `${name}: has no small run; add one to test/commands.ts`);

const named = process.argv.slice(2);
const started = Date.now();
writeFileSync(log, makeLog(500));
writeFileSync(csv, `event,timestamp,page_url\npage_view,${yesterday}T10:00:00Z,https://kasuri.example/\n`);
try {
  for (const [name, calls] of Object.entries(SMALL_RUNS)) {
    if (named.length && !named.includes(name)) continue;
    if (NEED_SERVER.has(name)) await startServer();
    for (const call of calls) runSmall(name, call);
  }
} finally {
  server?.kill("SIGTERM");
  rmSync(folder, { recursive: true, force: true });
}
for (const failure of failures) console.error(`\n✗ ${failure}`);
console.log(`\ncommands: ${failures.length} failed (${((Date.now() - started) / 1000).toFixed(1)} s)`);
process.exit(failures.length ? 1 : 0);

/** Runs `npm run NAME -- ARGS` and adds to `failures` what it does wrong. */
function runSmall(name: string, { args = [], env: own = {}, prints, leaves }: Call): void {
  const line = `npm run ${[name, ...(args.length ? ["--", ...args] : [])].join(" ")}`;
  const before = Date.now();
  const { status, stdout, stderr } = spawnSync("npm", ["run", "--silent", name, "--", ...args], {
    cwd: ROOT,
    env: { ...env, ...own },
    encoding: "utf8",
    timeout: COMMAND_MS,
    maxBuffer: 1e8,
  });
  const faults = [
    ...(status === 0 ? [] : [`ended with ${status}`]),
    ...(prints && !prints.test(stdout) ? [`does not print ${prints}`] : []),
    ...(leaves && changed(leaves) ? [`changes ${leaves}`] : []),
  ];
  console.log(`${faults.length ? "✗" : "✓"} ${line} (${((Date.now() - before) / 1000).toFixed(1)} s)`);
  if (faults.length) failures.push(`${line} ${faults.join(", ")}:\n${(stdout + stderr).slice(-3000)}`);
}

/** Whether files under a path differ from what is committed or staged. */
function changed(where: string): boolean {
  const { stdout } = spawnSync("git", ["status", "--porcelain", "--", where], {
    cwd: ROOT,
    encoding: "utf8",
  });
  return stdout.trim() !== "";
}

/** Starts the product with the demo, once, and waits until it prints that it is ready. */
async function startServer(): Promise<void> {
  if (server) return;
  const before = Date.now();
  const child = spawn("npm", ["start"], { cwd: ROOT, env, stdio: ["ignore", "pipe", "pipe"] });
  server = child;
  let output = "";
  child.stdout.on("data", (text) => (output += text));
  child.stderr.on("data", (text) => (output += text));
  while (!/^ready /m.test(output)) {
    if (child.exitCode !== null || Date.now() - before > COMMAND_MS)
      throw new Error(`npm start failed:\n${output}`);
    await sleep(200);
  }
  console.log(`✓ npm start (${((Date.now() - before) / 1000).toFixed(1)} s)`);
}

/** The names of the benchmarks, from the command that runs them. */
function benchNames(): string[] {
  const text = readFileSync(path.join(import.meta.dirname, "bench/run.ts"), "utf8");
  const names = [...text.matchAll(/^ {2}(\w+): async \(\)/gm)].map(([, name = ""]) => name);
  if (!names.length) throw new Error("test/bench/run.ts names no benchmark");
  return names;
}
