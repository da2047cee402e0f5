/**
 * Builds the product when its sources have changed since the last build.
 * @module
 */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";

/** The project's folder. */
export const ROOT = path.join(import.meta.dirname, "..");
const STAMP = path.join(ROOT, "dist/sources");

/** Builds when the sources have changed since the last build. @throws when it fails, with its output */
export function buildIfStale(): void {
  if (existsSync(STAMP) && readFileSync(STAMP, "utf8") === sourcesDigest()) return;
  // Tests run with NODE_ENV=test, under which SolidStart builds pages that load files from a development server.
  const env = { ...process.env, NODE_ENV: "production" };
  const build = spawnSync(process.execPath, ["demo/build.ts"], { cwd: ROOT, env, encoding: "utf8" });
  if (build.status !== 0) throw new Error(`The build failed:\n${build.stdout}\n${build.stderr}`);
}

/** Stores the digest of the sources of the build that has just succeeded. */
export function stampBuild(): void {
  writeFileSync(STAMP, sourcesDigest());
}

/** A short digest of the sources that the build is made from. */
function sourcesDigest(): string {
  const hash = createHash("sha256");
  for (const name of ["app", "worker", "sdk", "schema", "demo", "wrangler.toml", "package-lock.json"]) {
    const full = path.join(ROOT, name);
    const files = /\.\w+$/.test(name)
      ? [full]
      : readdirSync(full, { recursive: true, withFileTypes: true })
          .filter((entry) => entry.isFile())
          .map((entry) => path.join(entry.parentPath, entry.name))
          .filter((file) => !/\/(public\/(sdk|static|demo)|dist|node_modules)\//.test(file));
    for (const file of files.sort()) hash.update(file.slice(ROOT.length)).update(readFileSync(file));
  }
  return hash.digest("hex").slice(0, 16);
}
