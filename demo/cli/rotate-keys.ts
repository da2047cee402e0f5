/**
 * `npm run rotate-keys`: rotates the key that encrypts the tokens and keys of sources in the deployed Worker. The new
 * key encrypts from the first step on; the cron encrypts all other secrets again, and only then the old key is removed.
 * A Worker's secrets cannot be read back, so the new key is stored in a file of this folder meanwhile: after an
 * interruption, run it again here.
 * @module
 */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { parseArgs } from "node:util";
import { ROOT } from "../fresh-build.ts";
import { ask, checkLogin, mustRun, readNames } from "../wrangler.ts";
import { command } from "./command.ts";
import { newSourceKey } from "./source-keys.ts";
import { UsageError } from "./target.ts";

const HELP = `npm run rotate-keys

  --every  seconds between checks whether all secrets are encrypted again (15)
  --for    minutes after which it stops (30); run it again to continue

Needs the login of \`npm run deploy\`. Local secrets are in secrets.json of the state folder: put a new
entry first in SOURCE_KEYS there.`;

/** The file with the new key between the first step and the last. */
const UNDER_WAY = path.join(ROOT, ".wrangler/source-key");
/** Consecutive checks that must find nothing: a Worker that has just been replaced may still use the old key. */
const CALM_LOOKS = 3;

/** Number of secrets encrypted with another key. */
async function sealedByOthers(database: string, id: string): Promise<number> {
  // One line, because it is an argument.
  const sql =
    `SELECT (SELECT count(*) FROM sources WHERE secret IS NOT NULL AND secret_key <> '${id}')` +
    ` + (SELECT count(*) FROM notify_settings WHERE slack IS NOT NULL AND slack_key <> '${id}') AS n`;
  const args = ["d1", "execute", database, "--remote", "--json", "--command", sql];
  const [answer] = await ask<{ results: { n: number }[] }[]>(args);
  return answer?.results[0]?.n ?? Number.NaN;
}

/** The key of an interrupted rotation, else a new one. @throws UsageError when another folder has started one */
async function keyToUse(worker: string): Promise<string> {
  if (existsSync(UNDER_WAY)) return readFileSync(UNDER_WAY, "utf8");
  const secrets = await ask<{ name: string }[]>(["secret", "list", "--name", worker, "--format", "json"]);
  if (secrets.some(({ name }) => name === "SOURCE_KEYS_NEXT")) {
    throw new UsageError(
      `A rotation was started from another folder: finish it there, with its .wrangler/source-key. Nothing was done.`,
    );
  }
  const key = newSourceKey();
  mkdirSync(path.dirname(UNDER_WAY), { recursive: true });
  writeFileSync(UNDER_WAY, key, { mode: 0o600 });
  return key;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      every: { type: "string", default: "15" },
      for: { type: "string", default: "30" },
      help: { type: "boolean", short: "h" },
    },
  });
  if (values.help) return console.log(HELP);
  const { worker, databases } = readNames();
  const { database } = databases.find(({ binding }) => binding === "CONTROL") ?? {};
  if (!database) throw new UsageError("wrangler.toml has no database with the binding CONTROL.");
  await checkLogin();
  const key = await keyToUse(worker);
  const [id = ""] = key.split(":");
  await mustRun(["secret", "put", "SOURCE_KEYS_NEXT", "--name", worker], key);
  console.log(`✓ the key ${id} is used for encryption from now on`);

  const end = Date.now() + Number(values.for) * 60_000;
  for (let calm = 0; calm < CALM_LOOKS; ) {
    const left = await sealedByOthers(database, id);
    calm = left === 0 ? calm + 1 : 0;
    console.log(left === 0 ? "✓ all secrets are encrypted with it" : `… ${left} to be encrypted again`);
    if (calm === CALM_LOOKS) break;
    if (Date.now() > end)
      throw new UsageError(
        "Not all secrets were encrypted again in time. The old keys are still in place: run this again.",
      );
    await pause(Number(values.every) * 1000);
  }

  await mustRun(["secret", "put", "SOURCE_KEYS", "--name", worker], key);
  await mustRun(["secret", "delete", "SOURCE_KEYS_NEXT", "--name", worker]);
  rmSync(UNDER_WAY);
  console.log("✓ the old key is removed");
}

await command(import.meta.url, main);
