/**
 * Builds the demo page into the static assets, under every URL that it can be reloaded at.
 * @module
 */
import { copyFileSync, mkdirSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "vite";
import { TITLES } from "../traffic/site.ts";

const TO = path.join(import.meta.dirname, "../../app/public/demo");

/** Builds the page; its URL is `/demo`. */
export async function buildDemo(): Promise<void> {
  await build({
    configFile: false,
    root: import.meta.dirname,
    base: "/demo/",
    publicDir: false,
    logLevel: "warn",
    build: {
      outDir: TO,
      emptyOutDir: true,
      target: "es2022",
      // Browsers that support `light-dark()`: colors are not expanded.
      cssTarget: ["chrome123", "firefox120", "safari17.5"],
    },
  });
  for (const page of Object.keys(TITLES)) {
    const folder = path.join(TO, page);
    mkdirSync(folder, { recursive: true });
    if (page !== "/") copyFileSync(path.join(TO, "index.html"), path.join(folder, "index.html"));
  }
}

if (pathToFileURL(process.argv[1] ?? "").href === import.meta.url) await buildDemo();
