/**
 * Builds the tracker three ways: the script under both of its addresses, its companion that listens to clicks and
 * forms, and an ES module with types. Properties that begin with `_` are ours alone and lose their names.
 * @module
 */
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { build, minify } from "vite";

const here = import.meta.dirname;
const root = path.join(here, "..");
/** The script's two addresses, as folders of static assets. */
const SCRIPT_FOLDERS = ["app/public/sdk", "app/public/static/sdk"].map((folder) => path.join(root, folder));
const MODULE_FOLDER = path.join(here, "dist");
/** Nothing newer than this reaches a browser: optional chaining and `??=` as written, no helpers. */
const TARGET = "es2021";

/** What one built file weighs. */
export interface Size {
  file: string;
  raw: number;
  gzip: number;
  brotli: number;
}

/** One file from one entry, minified; `iife` for a script, `es` for a module. */
async function bundle(entry: string, format: "iife" | "es"): Promise<string> {
  const result = await build({
    configFile: false,
    root: here,
    publicDir: false,
    logLevel: "error",
    build: {
      write: false,
      minify: false,
      target: TARGET,
      lib: {
        entry: path.join(here, "src", entry),
        formats: [format],
        name: "_",
        fileName: "out",
      },
    },
  });
  const [output] = Array.isArray(result) ? result : [result];
  if (!output || !("output" in output)) throw new Error(`${entry}: expected a bundle`);
  const { code } = output.output[0];
  const small = await minify("out.js", code, {
    module: format === "es",
    compress: { target: TARGET, maxIterations: 10 },
    mangle: { toplevel: true },
    mangleProps: { include: /^_/ },
    codegen: { removeWhitespace: true },
  });
  if (small.errors.length) throw new Error(`${entry}: ${small.errors[0]?.message}`);
  return `${small.code.trim()}\n`;
}

/** The declarations of the module's face, with the extensions that a package is resolved by. */
function writeTypes(): void {
  const out = path.join(tmpdir(), `selvedge-types-${process.pid}`);
  const tsc = path.join(root, "node_modules/typescript/bin/tsc");
  execFileSync(process.execPath, [tsc, "-p", path.join(here, "tsconfig.json"), "--outDir", out]);
  for (const name of ["module", "types"]) {
    const text = readFileSync(path.join(out, "sdk/src", `${name}.d.ts`), "utf8");
    writeFileSync(path.join(MODULE_FOLDER, `${name}.d.ts`), text.replaceAll('.ts"', '.js"'));
  }
  rmSync(out, { recursive: true });
}

function weigh(file: string, code: string): Size {
  const bytes = Buffer.from(code);
  return {
    file,
    raw: bytes.length,
    gzip: gzipSync(bytes, { level: 9 }).length,
    brotli: brotliCompressSync(bytes).length,
  };
}

/** Builds everything; answers what it weighs. */
export async function buildSdk(): Promise<Size[]> {
  const scripts = {
    "tracker.min.js": await bundle("index.ts", "iife"),
    "tracker.auto.min.js": await bundle("auto/index.ts", "iife"),
  };
  for (const folder of SCRIPT_FOLDERS) {
    mkdirSync(folder, { recursive: true });
    for (const [name, code] of Object.entries(scripts)) writeFileSync(path.join(folder, name), code);
  }
  const module = await bundle("module.ts", "es");
  rmSync(MODULE_FOLDER, { recursive: true, force: true });
  mkdirSync(MODULE_FOLDER, { recursive: true });
  writeFileSync(path.join(MODULE_FOLDER, "module.js"), module);
  writeTypes();
  const sizes = Object.entries({ ...scripts, "module.js": module });
  return sizes.map(([file, code]) => weigh(file, code));
}

/** The demo page is static: its sources are what is served, under every path that it can be reloaded at. */

if (process.argv[1] === fileURLToPath(import.meta.url)) console.table(await buildSdk());
