/**
 * Installs a browser for the tests if none is found: the Debian package when root, else Playwright's own download.
 * @module
 */
import { spawnSync } from "node:child_process";
import { findBrowser } from "./browser.ts";

/** @throws when no browser can be installed; the message contains instructions */
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
    "Chromium could not be installed. Install it (apt-get install chromium) or set CHROMIUM_PATH to yours, then try again.",
  );
}
