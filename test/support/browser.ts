/**
 * The browser for tests: the Chromium of the machine, else Playwright's own.
 * @module
 */
import { spawn } from "node:child_process";
import { accessSync, constants, existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { type Browser, chromium, type LaunchOptions } from "playwright-core";

const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/** Path of the browser, or null when there is none. `CHROMIUM_PATH` selects another one. */
export function findBrowser(): string | null {
  const given = process.env.CHROMIUM_PATH;
  if (given) return given;
  for (const folder of (process.env.PATH ?? "").split(path.delimiter)) {
    for (const name of NAMES) {
      const file = path.join(folder, name);
      if (isExecutable(file)) return file;
    }
  }
  const own = chromium.executablePath();
  return own && existsSync(own) ? own : null;
}

/**
 * A browser that looks like a person's: `webdriver` is off and the user agent is not `HeadlessChrome`, otherwise its
 * events would be dropped. The caller closes it.
 */
export async function launchBrowser(options: LaunchOptions = {}): Promise<Browser> {
  return await chromium.launch({
    executablePath: requireBrowser(),
    ...options,
    args: [...ARGS, ...(options.args ?? [])],
  });
}

/**
 * Opens a URL in a browser without a debugger. Chromium prerenders no page while a debugger is attached
 * (`PrerenderingDisabledByDevTools`), and every driver is one. Returns a function that ends it.
 */
export function openUndriven(url: string): () => Promise<void> {
  const profile = mkdtempSync(path.join(tmpdir(), "selvedge-browser-"));
  const args = ["--headless", `--user-data-dir=${profile}`, ...ARGS, url];
  const browser = spawn(requireBrowser(), args, { stdio: "ignore" });
  const ended = new Promise((resolve) => browser.once("exit", resolve));
  return async () => {
    browser.kill();
    await ended;
    rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
  };
}

function requireBrowser(): string {
  const found = findBrowser();
  if (found) return found;
  throw new Error(
    "No Chromium found. Install one (apt-get install chromium, or npx playwright-core install chromium) " +
      "or set CHROMIUM_PATH to yours.",
  );
}

const ARGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-sync",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-blink-features=AutomationControlled",
  "--user-agent=Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/148.0.0.0 Safari/537.36",
];

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
