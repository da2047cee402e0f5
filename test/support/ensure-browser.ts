/**
 * A browser for the tests: the one that is there, else the Debian package when root, else Playwright's own download.
 * @module
 */
import { spawnSync } from "node:child_process";
import { findBrowser } from "./browser.ts";

/** @throws when there is no browser and none can be had; the message says how to get one. */
export function ensureBrowser(): void {
  if (findBrowser()) return;
  console.log("No Chromium found: getting one …");
  const isRoot = process.getuid?.() === 0;
  const ways: string[][] = [
    ...(isRoot
      ? [
          ["apt-get", "update", "-qq"],
          ["apt-get", "install", "-y", "-qq", "chromium"],
        ]
      : []),
    ["npx", "playwright-core", "install", "chromium"],
  ];
  for (const [program = "", ...args] of ways) {
    spawnSync(program, args, { stdio: ["ignore", "ignore", "inherit"] });
    if (findBrowser()) return;
  }
  throw new Error(
    "No Chromium could be had. Install one (apt-get install chromium) or name yours in CHROMIUM_PATH, then try again.",
  );
}
