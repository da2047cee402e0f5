/**
 * Builds the tracker three ways: the script for both of its URLs, the second script that observes clicks and
 * forms, and an ES module with types. Properties that start with `_` are internal and are renamed.
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
/** The folders of the script's two URLs. */
const SCRIPT_FOLDERS = ["app/public/sdk", "app/public/static/sdk"].map((folder) => path.join(root, folder));
const MODULE_FOLDER = path.join(here, "dist");
/** Newest syntax in the output: optional chaining and `??=` are not compiled, no helpers. */
const TARGET = "es2021";

/** Size of a built file. */
export interface Size {
  file: string;
  raw: number;
  gzip: number;
  brotli: number;
}

/** Bundles and minifies one entry; `iife` for a script, `es` for a module. */
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

/** Writes the module's type declarations, with the file extensions that packages need. */
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

/** Builds everything; returns the sizes. */
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

if (process.argv[1] === fileURLToPath(import.meta.url)) console.table(await buildSdk());
