/**
 * A second pass over the browser's scripts.
 * @module
 */
import { minify } from "terser";
import type { Plugin } from "vite";

/**
 * Returns a plugin that runs terser over the chunks that Vite has minified. Together they are smaller than either alone:
 * the overview's scripts take 110 KB gzip instead of 119 (chart.js 44.5 instead of 51.2; terser without Vite's own
 * minifier 126).
 */
export function compressScripts(): Plugin {
  return {
    name: "compress-scripts",
    apply: "build",
    enforce: "post",
    applyToEnvironment: (environment) => environment.name === "client",
    async generateBundle(_options, bundle) {
      for (const chunk of Object.values(bundle)) {
        if (chunk.type !== "chunk") continue;
        const { code } = await minify(chunk.code, { module: true, compress: { passes: 2, ecma: 2020 } });
        if (code) chunk.code = code;
      }
    },
  };
}
