/**
 * Transferred bytes: the tracker, the dashboard's script, the Worker.
 * @module
 */
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { buildIfStale, ROOT } from "../../demo/fresh-build.ts";
import type { Bench, Check } from "./report.ts";

/** Transferred bytes. */
export interface Sizes {
  what: string;
  files: number;
  raw: number;
  gzip: number;
  brotli: number;
  /** At most this many bytes of gzip. */
  budget: number;
}

const SDK_BUDGET = 2048;
const SCRIPT_BUDGET = 110 * 1024;
const WORKER_BUDGET = 1024 * 1024;

/** Entries of the dashboard's first load: the client, the shell, the project's page, its chart. */
const FIRST_LOAD = [
  /entry-client\.tsx$/,
  /routes\/\(app\)\.tsx/,
  /projects\/\[id\]\/index\.tsx/,
  /charts\/line\.ts$/,
];

interface Chunk {
  file: string;
  imports?: string[];
}

/** Measures the last build. @throws when there is none */
export function weigh(): Sizes[] {
  return [
    sizesOf("tracker (sdk)", [path.join(ROOT, "app/public/sdk/tracker.min.js")], SDK_BUDGET),
    sizesOf("dashboard, first load of script", firstLoad(), SCRIPT_BUDGET),
    sizesOf("Worker, all modules", modulesIn(path.join(ROOT, "dist/server")), WORKER_BUDGET),
  ];
}

/** Budgets of `weigh`. */
export function checksOf(sizes: readonly Sizes[]): Check[] {
  return sizes.map(({ what, gzip, budget }) => ({ what, value: gzip, unit: "bytes gzip", most: budget }));
}

export const benchBytes: Bench = async () => {
  buildIfStale();
  const sizes = weigh();
  const rows = sizes.map(({ budget, ...row }) => ({
    ...row,
    "of budget": `${Math.round((row.gzip / budget) * 100)} %`,
  }));
  return { tables: [{ title: "bytes", rows }], checks: checksOf(sizes) };
};

function sizesOf(what: string, files: readonly string[], budget: number): Sizes {
  const sizes: Sizes = { what, files: files.length, raw: 0, gzip: 0, brotli: 0, budget };
  for (const file of files) {
    const bytes = readFileSync(file);
    sizes.raw += bytes.length;
    sizes.gzip += gzipSync(bytes, { level: 9 }).length;
    sizes.brotli += brotliCompressSync(bytes).length;
  }
  return sizes;
}

/** The files of the first load's entries and of everything they import before they run. */
function firstLoad(): string[] {
  const client = path.join(ROOT, "dist/client");
  const manifest: Record<string, Chunk> = JSON.parse(
    readFileSync(path.join(client, ".vite/manifest.json"), "utf8"),
  );
  const seen = new Set<string>();
  const visit = (name: string): void => {
    const chunk = manifest[name];
    if (!chunk || seen.has(name)) return;
    seen.add(name);
    for (const each of chunk.imports ?? []) visit(each);
  };
  for (const part of FIRST_LOAD) {
    const entry = Object.keys(manifest).find((name) => part.test(name));
    if (!entry) throw new Error(`bytes: no chunk of the build matches ${part}`);
    visit(entry);
  }
  return [...new Set([...seen].map((name) => path.join(client, manifest[name]!.file)))];
}

function modulesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => /\.m?js$/.test(name))
    .map((name) => path.join(folder, name));
}
