import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

type Recorded = [pattern: string, answer: { code?: number; stdout?: string; stderr?: string }];

const ROOT = path.join(import.meta.dirname, "../..");
const UNDER_WAY = path.join(ROOT, ".wrangler/source-key");
const left = (n: number): Recorded => ["^d1 execute", { stdout: JSON.stringify([{ results: [{ n }] }]) }];
const secrets = (...names: string[]): Recorded => [
  "^secret list",
  { stdout: JSON.stringify(names.map((name) => ({ name }))) },
];
const loggedIn: Recorded = ["^whoami", { stdout: '{"loggedIn":true}' }];
const anything: Recorded = ["", { stdout: "done\n" }];

describe("npm run rotate-keys", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), "selvedge-rotate-"));
    rmSync(UNDER_WAY, { force: true });
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
    rmSync(UNDER_WAY, { force: true });
  });

  function rotate(answers: Recorded[], ...args: string[]) {
    const asked = path.join(folder, "asked");
    const replay = path.join(folder, "replay.json");
    writeFileSync(
      replay,
      JSON.stringify({
        answers: [...answers.filter(([pattern]) => pattern === "^whoami"), loggedIn, ...answers],
        asked,
      }),
    );
    rmSync(asked, { force: true });
    const wrangler = `${process.execPath} ${path.join(ROOT, "test/support/wrangler/replay.mjs")}`;
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [path.join(ROOT, "demo/cli/rotate-keys.ts"), "--every", "0", ...args],
      { cwd: ROOT, encoding: "utf8", env: { ...process.env, REPLAY: replay, WRANGLER: wrangler } },
    );
    const commands = existsSync(asked) ? readFileSync(asked, "utf8").trim().split("\n") : [];
    return { status, output: stdout + stderr, commands };
  }

  it("encrypts with the new key first, waits for the rest, then removes the old one", () => {
    const { status, output, commands } = rotate([secrets("AUTH_SECRET", "SOURCE_KEYS"), left(0), anything]);
    expect(status, output).toBe(0);
    expect(commands.map((line) => line.split(" --")[0])).toEqual([
      "whoami",
      "secret list",
      "secret put SOURCE_KEYS_NEXT",
      ...Array(3).fill("d1 execute selvedge-control"),
      "secret put SOURCE_KEYS",
      "secret delete SOURCE_KEYS_NEXT",
    ]);
    expect(commands.join()).not.toMatch(/[A-Za-z0-9+/]{43}=/);
    expect(output).not.toMatch(/[A-Za-z0-9+/]{43}=/);
    expect(existsSync(UNDER_WAY)).toBe(false);
  });

  it("retains the old key while secrets are encrypted with it, and continues with the same new one", () => {
    const stopped = rotate([secrets("SOURCE_KEYS"), left(3), anything], "--for", "0");
    expect(stopped.status).toBe(1);
    expect(stopped.output).toContain("run this again");
    expect(stopped.commands.some((line) => /put SOURCE_KEYS |delete/.test(line))).toBe(false);
    const key = readFileSync(UNDER_WAY, "utf8");
    const again = rotate([left(0), anything]);
    expect(again.status, again.output).toBe(0);
    const [id] = key.split(":");
    expect(
      again.commands.filter((line) => line.startsWith("d1")).every((line) => line.includes(`'${id}'`)),
    ).toBe(true);
  });

  it("does not change a rotation that was started elsewhere", () => {
    const { status, output, commands } = rotate([secrets("SOURCE_KEYS", "SOURCE_KEYS_NEXT"), anything]);
    expect(status).toBe(1);
    expect(output).toContain("another folder");
    expect(commands).toHaveLength(2);
  });

  it("reports how to log in, and changes nothing", () => {
    const { status, output, commands } = rotate([["^whoami", { code: 1, stdout: '{"loggedIn":false}' }]]);
    expect(status).toBe(1);
    expect(output).toBe(
      "Not logged in to Cloudflare. Run `npx wrangler login`, or set CLOUDFLARE_API_TOKEN, then try again.\n",
    );
    expect(commands).toEqual(["whoami --json"]);
    expect(existsSync(UNDER_WAY)).toBe(false);
  });
});
