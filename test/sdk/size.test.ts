import { readFileSync } from "node:fs";
import path from "node:path";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { expect, it } from "vitest";

const BUDGET_BYTES = 2048;
const root = path.join(import.meta.dirname, "../..");
const read = (file: string) => readFileSync(path.join(root, file));

it(`is at most ${BUDGET_BYTES} bytes gzip`, () => {
  const script = read("app/public/sdk/tracker.min.js");
  const gzip = gzipSync(script, { level: 9 }).length;
  const brotli = brotliCompressSync(script).length;
  console.log(
    `tracker.min.js: ${script.length} bytes, ${gzip} gzip, ${brotli} brotli (budget ${BUDGET_BYTES} gzip)`,
  );
  expect(gzip).toBeLessThanOrEqual(BUDGET_BYTES);
});

it("is the same script at both addresses", () => {
  expect(read("app/public/static/sdk/tracker.min.js")).toEqual(read("app/public/sdk/tracker.min.js"));
});

it("is a module that a server can import, with types", async () => {
  const module: typeof import("../../sdk/src/module.ts") = await import(
    path.join(root, "sdk/dist/module.js")
  );
  expect(Object.keys(module)).toEqual(["init"]);
  const types = read("sdk/dist/module.d.ts").toString() + read("sdk/dist/types.d.ts").toString();
  expect(types).toContain("export declare function init(options: Options): Tracker;");
  expect(types).toContain("identify(id: string, traits?: Properties): void;");
  expect(types).not.toContain("schema/");
});

it("contains nothing of the schema's library", () => {
  expect(read("sdk/dist/module.js").toString()).not.toMatch(/zod|import/);
});
