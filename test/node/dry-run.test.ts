import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, it } from "vitest";

const ROOT = path.join(import.meta.dirname, "../..");

it("wrangler accepts the build, and it is within 1 MB gzip", () => {
  const folder = mkdtempSync(path.join(tmpdir(), "selvedge-dry-"));
  const { status, stdout, stderr } = spawnSync(
    "npx",
    ["wrangler", "deploy", "--dry-run", "--outdir", folder],
    {
      cwd: ROOT,
      encoding: "utf8",
    },
  );
  rmSync(folder, { recursive: true });
  expect(stderr).not.toContain("ERROR");
  expect(status).toBe(0);
  const [, kib] = /gzip: ([\d.]+) KiB/.exec(stdout) ?? [];
  console.log(`Worker: ${kib} KiB gzip`);
  expect(Number(kib)).toBeLessThanOrEqual(1024);
  for (const binding of ["CONTROL", "SHARD_0", "LAKE", "EVENTS", "FOLDER", "ROOM", "ANALYTICS", "EMAIL"]) {
    expect(stdout).toContain(`env.${binding}`);
  }
}, 60_000);
