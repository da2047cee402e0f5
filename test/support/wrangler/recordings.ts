/**
 * Recordings of wrangler for commands that would change an account on Cloudflare: environments in which they talk to
 * `replay.mjs` instead.
 * @module
 */
import { writeFileSync } from "node:fs";
import path from "node:path";

type Recorded = [pattern: string, answer: { code?: number; stdout?: string; stderr?: string }];

const loggedIn: Recorded = ["^whoami", { stdout: '{"loggedIn":true}' }];
const anything: Recorded = ["", { stdout: "done\n" }];
const json = (pattern: string, value: unknown): Recorded => [pattern, { stdout: JSON.stringify(value) }];

/** An account with databases and nothing else. */
export function recordedDeploy(folder: string): Record<string, string> {
  return replaying(folder, "deploy", [
    loggedIn,
    json("^d1 list", [
      { name: "selvedge-control", uuid: "11111111-1111-4111-8111-111111111111" },
      { name: "selvedge-shard-0", uuid: "22222222-2222-4222-8222-222222222222" },
    ]),
    ["^secret list", { code: 1, stderr: "This Worker does not exist on your account. [code: 10007]" }],
    anything,
  ]);
}

/** An account whose secrets have all been encrypted with the new key. */
export function recordedRotation(folder: string): Record<string, string> {
  return replaying(folder, "rotation", [
    loggedIn,
    json("^secret list", [{ name: "SOURCE_KEYS" }]),
    json("^d1 execute", [{ results: [{ n: 0 }] }]),
    anything,
  ]);
}

function replaying(folder: string, name: string, answers: Recorded[]): Record<string, string> {
  const replay = path.join(folder, `${name}.json`);
  writeFileSync(replay, JSON.stringify({ answers, asked: path.join(folder, `${name}.asked`) }));
  return { REPLAY: replay, WRANGLER: `${process.execPath} ${path.join(import.meta.dirname, "replay.mjs")}` };
}
