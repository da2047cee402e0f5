import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

type Recorded = [pattern: string, answer: { code?: number; stdout?: string; stderr?: string }];

const ROOT = path.join(import.meta.dirname, "../..");
const BUILT = path.join(ROOT, "dist/server/wrangler.json");
const BANNER = "\n ⛅️ wrangler 4.155.0\n────────────────────\n";
const loggedIn: Recorded = ["^whoami", { stdout: '{"loggedIn":true,"email":"ada@example.com"}' }];
const noBuckets: Recorded = ["^r2 bucket list", { stdout: `${BANNER}Listing buckets...\n` }];
const queues: Recorded = ["^queues list", { stdout: `${BANNER}No queues\n` }];
const noWorker: Recorded = [
  "^secret list",
  {
    code: 1,
    stderr:
      "✘ [ERROR] A request to the Cloudflare API failed.\n  This Worker does not exist on your account. [code: 10007]",
  },
];
const none: Recorded = ["^d1 list", { stdout: "[]" }];
const both: Recorded = [
  "^d1 list",
  {
    stdout: JSON.stringify([
      { name: "selvedge-control", uuid: "11111111-1111-4111-8111-111111111111" },
      { name: "selvedge-shard-0", uuid: "22222222-2222-4222-8222-222222222222" },
    ]),
  },
];
const anything: Recorded = ["", { stdout: "done\n" }];

describe("npm run deploy", () => {
  let folder: string;
  let previousBuild: string | null;

  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), "selvedge-deploy-"));
    previousBuild = existsSync(BUILT) ? readFileSync(BUILT, "utf8") : null;
    if (previousBuild === null) {
      mkdirSync(path.dirname(BUILT), { recursive: true });
      cpSync(path.join(ROOT, "test/support/wrangler/built.json"), BUILT);
    }
  });
  afterEach(() => {
    if (previousBuild === null) rmSync(BUILT);
    else writeFileSync(BUILT, previousBuild);
    rmSync(folder, { recursive: true });
  });

  function deploy(answers: Recorded[], ...args: string[]) {
    const asked = path.join(folder, "asked");
    const replay = path.join(folder, "replay.json");
    writeFileSync(replay, JSON.stringify({ answers, asked }));
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [path.join(ROOT, "demo/cli/deploy.ts"), ...args],
      {
        cwd: ROOT,
        encoding: "utf8",
        env: {
          ...process.env,
          SELVEDGE_BUILT: "1",
          REPLAY: replay,
          WRANGLER: `${process.execPath} ${path.join(ROOT, "test/support/wrangler/replay.mjs")}`,
        },
      },
    );
    const commands = existsSync(asked) ? readFileSync(asked, "utf8").trim().split("\n") : [];
    return { status, stdout, stderr, commands };
  }

  it("reports how to log in, and changes nothing", () => {
    const { status, stderr, commands } = deploy([["^whoami", { code: 1, stdout: '{"loggedIn":false}' }]]);
    expect(status).toBe(1);
    expect(stderr).toContain("npx wrangler login");
    expect(commands).toEqual(["whoami --json"]);
  });

  it("reports where to enable R2, and changes nothing", () => {
    const refused =
      "✘ [ERROR] A request to the Cloudflare API (/accounts/x/r2/buckets) failed.\n  Please enable R2 through the Cloudflare Dashboard. [code: 10042]";
    const { status, stderr, commands } = deploy([
      loggedIn,
      ["^r2 bucket list", { code: 1, stderr: refused }],
    ]);
    expect(status).toBe(1);
    expect(stderr).toContain("R2 is not enabled");
    expect(commands).toEqual(["whoami --json", "r2 bucket list"]);
  });

  it("does not replace another Worker of the same name", () => {
    const taken: Recorded = ["^secret list", { stdout: `${BANNER}[{"name":"OTHER","type":"secret_text"}]` }];
    const { status, stderr, commands } = deploy([loggedIn, noBuckets, queues, none, taken]);
    expect(status).toBe(1);
    expect(stderr).toContain('A Worker named "selvedge" exists');
    expect(commands.some((line) => /create|apply|^deploy/.test(line))).toBe(false);
  });

  it("reports how to set a missing secret, and changes nothing", () => {
    const { status, stderr, commands } = deploy([loggedIn, noBuckets, queues, none, noWorker]);
    expect(status).toBe(1);
    expect(stderr).toContain("AUTH_SECRET is not set");
    expect(commands.some((line) => /create|apply|^deploy/.test(line))).toBe(false);
  });

  it("creates missing resources, migrates, then deploys, all with the real ids", () => {
    const { status, stdout, stderr, commands } = deploy(
      [loggedIn, noBuckets, queues, both, noWorker, anything],
      ...["--secret", "a-secret-of-thirty-two-characters-or-more"],
    );
    expect(stderr).toBe("");
    expect(status).toBe(0);
    expect(stdout).toContain("Deployed.");
    const after = commands
      .filter((line) => /create|apply|update|^deploy/.test(line))
      .map((line) => (line.startsWith("queues") ? line : line.split(" --")[0]));
    expect(after).toEqual([
      "r2 bucket create selvedge-lake",
      "queues create selvedge-events",
      "queues update selvedge-events --message-retention-period-secs 1209600",
      "queues create selvedge-events-dead",
      "queues update selvedge-events-dead --message-retention-period-secs 1209600",
      "d1 migrations apply CONTROL",
      "d1 migrations apply SHARD_0",
      "deploy",
    ]);
    expect(commands.at(-1)).toContain("--secrets-file");
    expect(commands.join()).not.toContain("a-secret-of");
    expect(readFileSync(BUILT, "utf8")).toContain("22222222-2222-4222-8222-222222222222");
  });

  it("upgrades existing resources: nothing is created, no secret is sent", () => {
    const all: Recorded[] = [
      loggedIn,
      [
        "^r2 bucket list",
        {
          stdout: `${BANNER}Listing buckets...\nname:           selvedge-lake\ncreation_date:  2026-11-01\n`,
        },
      ],
      [
        "^queues list",
        {
          stdout: `${BANNER}│ 0123456789abcdef0123456789abcdef │ selvedge-events │\n│ 1123456789abcdef0123456789abcdef │ selvedge-events-dead │\n`,
        },
      ],
      both,
      ["^secret list", { stdout: '[{"name":"AUTH_SECRET"},{"name":"SOURCE_KEYS"}]' }],
      anything,
    ];
    const { status, commands } = deploy(all);
    expect(status).toBe(0);
    expect(commands.filter((line) => line.includes("create"))).toEqual([]);
    expect(commands.at(-1)).not.toContain("--secrets-file");
  });
});
