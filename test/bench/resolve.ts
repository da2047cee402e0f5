/**
 * Lets Node load the Worker's files: resolves relative imports without an extension to `.ts` files and `index.ts`, and
 * compiles what Node's type stripping refuses (parameter properties).
 * Import it before the first dynamic import of a benchmark.
 * @module
 */
import { existsSync, readFileSync } from "node:fs";
import { registerHooks, stripTypeScriptTypes } from "node:module";
import { fileURLToPath } from "node:url";

registerHooks({
  resolve(specifier, context, next) {
    if (specifier.startsWith(".") && context.parentURL?.startsWith("file:") && !/\.\w+$/.test(specifier)) {
      const base = new URL(specifier, context.parentURL).href;
      const found = [`${base}.ts`, `${base}/index.ts`].find((url) => existsSync(fileURLToPath(url)));
      if (found) return next(found, context);
    }
    return next(specifier, context);
  },
  load(url, context, next) {
    if (!/\/(worker|schema)\/.*\.ts$/.test(url)) return next(url, context);
    const source = stripTypeScriptTypes(readFileSync(fileURLToPath(url), "utf8"), { mode: "transform" });
    return { format: "module", source, shortCircuit: true };
  },
});
