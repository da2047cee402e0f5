/**
 * Builds the one Worker (pages and API together) and the browser's files.
 * @module
 */
import path from "node:path";
import { cloudflare } from "@cloudflare/vite-plugin";
import { solidStart } from "@solidjs/start/config";
import { defineConfig, type PluginOption } from "vite";
import { compressScripts } from "./compress-scripts";

const root = path.join(import.meta.dirname, "..");

// SolidStart's own preview server looks for a Node server that this build does not make.
const start = (
  solidStart({
    appRoot: "./app/src",
    devOverlay: false,
    middleware: "./app/src/middleware.ts",
    // The default (`src/**`) would leave "use server" code in the browser's bundle, silently.
    serverFunctions: { filter: { include: "app/src/**/*.{ts,tsx}" } },
  }).flat(9) as PluginOption[]
).map((plugin) =>
  plugin && typeof plugin === "object" && "name" in plugin && plugin.name === "solid-start-dev-server"
    ? { ...plugin, configurePreviewServer: undefined }
    : plugin,
);

export default defineConfig({
  root,
  publicDir: "app/public",
  plugins: [
    start,
    compressScripts(),
    cloudflare({ configPath: path.join(root, "wrangler.toml"), viteEnvironment: { name: "ssr" } }),
  ],
  css: {
    // The names are in both the style sheets and the scripts; the default ones carry file and line.
    modules: { generateScopedName: "[hash:base64:5]" },
  },
  build: {
    // Browsers that know `light-dark()`: the tokens are written once, not expanded.
    cssTarget: ["chrome123", "firefox120", "safari17.5"],
    reportCompressedSize: false,
  },
  environments: {
    client: {
      build: {
        rolldownOptions: {
          output: {
            codeSplitting: {
              // What every page needs is one file: many small ones cost each its own dictionary, 8 KB gzip in all.
              groups: [
                {
                  name: "base",
                  test: /node_modules\/(solid-js|@solidjs)\/|app\/src\/(primitives|client|ui)\/(?!dialog|popover-panel|copy)/,
                },
              ],
            },
          },
        },
      },
    },
    ssr: {
      // 1,043,100 bytes gzip of the Worker become 660,772; the source maps beside it name what went wrong where.
      build: { minify: true },
      optimizeDeps: {
        // Found late, these make Vite re-optimise, and the first pages of a cold dev server answer 500.
        include: [
          "solid-js",
          "solid-js/web",
          "solid-js/store",
          "@solidjs/start/fns/server",
          "@solidjs/router",
          "@solidjs/meta",
          "@kobalte/core/dialog",
          "@kobalte/core/popover",
          "chart.js",
        ],
      },
    },
  },
});
