/**
 * `npm run deploy`: checks the account, creates what is missing, builds, migrates and deploys. Safe to repeat; an
 * upgrade is the same command. Migrations only add, so the Worker that is still running works while they are applied.
 * @module
 */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { buildIfStale, ROOT } from "../fresh-build.ts";
import { ask, checkLogin, mustRun, type Names, readNames, wrangler } from "../wrangler.ts";
import { command } from "./command.ts";
import { newSourceKey } from "./source-keys.ts";
import { UsageError } from "./target.ts";

const HELP = `npm run deploy -- [--secret TEXT] [--yes]

  --secret  the AUTH_SECRET to set, 32 characters or more; only needed the first time
  --yes     deploy even though a Worker of this name exists that was not deployed from here`;

const BUILT = path.join(ROOT, "dist/server/wrangler.json");

/** The parts of the configuration that name resources. */
interface Config {
  name: string;
  d1_databases: { binding: string; database_name: string; database_id: string }[];
  r2_buckets: { bucket_name: string }[];
  queues: { producers: { queue: string }[]; consumers: { queue: string }[] };
}

async function bucketNames(): Promise<string[]> {
  const { code, stdout, stderr } = await wrangler(["r2", "bucket", "list"]);
  if (code === 0) return [...stdout.matchAll(/^name:\s*(\S+)/gm)].map((match) => match[1] ?? "");
  if (/10042|enable R2/i.test(stdout + stderr)) {
    throw new UsageError(
      "R2 is not enabled on this account. Enable it once at https://dash.cloudflare.com/?to=/:account/r2 (it has a free tier), then try again.",
    );
  }
  throw new UsageError(`The buckets of the account could not be listed:\n${(stderr || stdout).trim()}`);
}

async function queueNames(): Promise<string[]> {
  const { code, stdout, stderr } = await wrangler(["queues", "list"]);
  if (code !== 0)
    throw new UsageError(`The queues of the account could not be listed:\n${(stderr || stdout).trim()}`);
  return [...stdout.matchAll(/[│|]\s*[0-9a-f]{32}\s*[│|]\s*(\S+)/g)].map((match) => match[1] ?? "");
}

/** Names of the Worker's secrets, or null when no Worker of that name exists. */
async function secretNames(worker: string): Promise<string[] | null> {
  const { code, stdout, stderr } = await wrangler(["secret", "list", "--name", worker, "--format", "json"]);
  if (code === 0) {
    const start = stdout.indexOf("[");
    return start < 0 ? [] : (JSON.parse(stdout.slice(start)) as { name: string }[]).map(({ name }) => name);
  }
  if (/10007|not found|does not exist/i.test(stdout + stderr)) return null;
  throw new UsageError(`The secrets of ${worker} could not be listed:\n${(stderr || stdout).trim()}`);
}

/** The longest that Queues retain a message (Queues › Limits). */
const RETENTION_S = String(14 * 24 * 3600);

interface Database {
  name: string;
  uuid: string;
}

/** Checks the account and returns what is missing; throws before anything is changed. */
async function preflight(names: Names, options: { secret?: string; yes?: boolean }) {
  await checkLogin();
  console.log("✓ logged in");
  const buckets = await bucketNames();
  console.log("✓ R2 is enabled");
  const databases = await ask<Database[]>(["d1", "list", "--json"]);
  const queues = await queueNames();
  const secrets = await secretNames(names.worker);
  const wasDeployedHere = names.databases.every(({ database }) =>
    databases.some(({ name }) => name === database),
  );
  if (secrets !== null && !wasDeployedHere && !options.yes) {
    throw new UsageError(
      `A Worker named "${names.worker}" exists in this account, but its databases do not: it was not deployed from here. ` +
        "Change `name` in wrangler.toml, or use --yes to replace it.",
    );
  }
  console.log(`✓ the name "${names.worker}" is ${secrets === null ? "free" : "yours"}`);
  const secret = options.secret ?? process.env.AUTH_SECRET;
  if (secret !== undefined && secret.length < 32)
    throw new UsageError("AUTH_SECRET must be 32 characters or more.");
  if (secret === undefined && !secrets?.includes("AUTH_SECRET")) {
    throw new UsageError(
      'The secret AUTH_SECRET is not set. Deploy with one: npm run deploy -- --secret "$(openssl rand -base64 32)"',
    );
  }
  console.log("✓ secrets are set");
  const missing: Record<string, string> = {
    ...(secret !== undefined && { AUTH_SECRET: secret }),
    // Generated, and not needed elsewhere: `npm run rotate-keys` replaces it.
    ...(!secrets?.includes("SOURCE_KEYS") && { SOURCE_KEYS: newSourceKey() }),
  };
  return { buckets, databases, queues, secrets: missing };
}

/** Sets the longest retention, so that an outage of days loses no event. The free plan retains one day. */
async function retainLonger(queue: string): Promise<void> {
  const { code } = await wrangler([
    "queues",
    "update",
    queue,
    "--message-retention-period-secs",
    RETENTION_S,
  ]);
  if (code !== 0)
    console.log(
      `! The retention of the queue ${queue} could not be set to 14 days: longer outages lose events.`,
    );
}

async function createMissing(config: Config, found: Awaited<ReturnType<typeof preflight>>): Promise<void> {
  for (const { database_name } of config.d1_databases) {
    if (!found.databases.some(({ name }) => name === database_name))
      await mustRun(["d1", "create", database_name]);
  }
  for (const { bucket_name } of config.r2_buckets) {
    if (!found.buckets.includes(bucket_name)) await mustRun(["r2", "bucket", "create", bucket_name]);
  }
  const queues = [...config.queues.producers, ...config.queues.consumers].map(({ queue }) => queue);
  for (const queue of new Set(queues)) {
    if (!found.queues.includes(queue)) await mustRun(["queues", "create", queue]);
    await retainLonger(queue);
  }
  const databases = await ask<Database[]>(["d1", "list", "--json"]);
  for (const db of config.d1_databases) {
    const uuid = databases.find(({ name }) => name === db.database_name)?.uuid;
    if (!uuid)
      throw new UsageError(
        `The database ${db.database_name} was created but is not listed yet. Try again in a minute.`,
      );
    db.database_id = uuid;
  }
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { secret: { type: "string" }, yes: { type: "boolean" }, help: { type: "boolean", short: "h" } },
  });
  if (values.help) return console.log(HELP);
  const found = await preflight(readNames(), values);
  if (process.env.SELVEDGE_BUILT !== "1") {
    console.log("Building …");
    buildIfStale();
  }
  if (!existsSync(BUILT)) throw new UsageError("The build left no dist/server/wrangler.json.");
  const built = JSON.parse(readFileSync(BUILT, "utf8")) as Config;
  await createMissing(built, found);
  writeFileSync(BUILT, JSON.stringify(built));
  for (const { binding } of built.d1_databases) {
    await mustRun(["d1", "migrations", "apply", binding, "--remote", "--config", BUILT]);
  }
  const folder = mkdtempSync(path.join(tmpdir(), "selvedge-"));
  const hasSecrets = Object.keys(found.secrets).length > 0;
  try {
    const file = path.join(folder, "secrets.json");
    // Secrets that are not in the file are unchanged.
    if (hasSecrets) writeFileSync(file, JSON.stringify(found.secrets), { mode: 0o600 });
    await mustRun(["deploy", "--config", BUILT, ...(hasSecrets ? ["--secrets-file", file] : [])]);
  } finally {
    rmSync(folder, { recursive: true });
  }
  console.log(
    "Deployed. Register the first account at the address above; SIGNUP in wrangler.toml decides who may follow.",
  );
}

await command(import.meta.url, main);
