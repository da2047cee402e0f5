/** The dashboard's script, as built. `npm run build` comes first. */
import { readFileSync } from "node:fs";
import path from "node:path";
import { gzipSync } from "node:zlib";
import { expect, it } from "vitest";

const CLIENT = path.join(import.meta.dirname, "../../dist/client");
const BUDGET_BYTES = 120 * 1024;
const PARTS = [
  /entry-client\.tsx$/,
  /routes\/\(app\)\.tsx/,
  /projects\/\[id\]\/index\.tsx/,
  /charts\/line\.ts$/,
];

interface Chunk {
  file: string;
  imports?: string[];
}

/** A chunk and everything it imports before it runs. */
function closure(manifest: Record<string, Chunk>, name: string, seen = new Set<string>()): Set<string> {
  const chunk = manifest[name];
  if (!chunk || seen.has(name)) return seen;
  seen.add(name);
  for (const each of chunk.imports ?? []) closure(manifest, each, seen);
  return seen;
}

it("loads within its budget, charts included", () => {
  const manifest: Record<string, Chunk> = JSON.parse(
    readFileSync(path.join(CLIENT, ".vite/manifest.json"), "utf8"),
  );
  const names = Object.keys(manifest);
  const sizes = new Map<string, number>();
  for (const part of PARTS) {
    const entry = names.find((name) => part.test(name));
    expect(entry, String(part)).toBeDefined();
    for (const name of closure(manifest, entry ?? "")) {
      const { file } = manifest[name]!;
      sizes.set(file, gzipSync(readFileSync(path.join(CLIENT, file)), { level: 9 }).length);
    }
  }
  const total = [...sizes.values()].reduce((sum, size) => sum + size, 0);
  console.log(
    `dashboard first load: ${total} bytes gzip of script in ${sizes.size} files (budget ${BUDGET_BYTES})`,
  );
  expect(total).toBeLessThanOrEqual(BUDGET_BYTES);
});
