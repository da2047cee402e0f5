/**
 * Pictures of every page of a running product with its demo, at 1440 and 360 pixels, light and dark, the first screen and
 * the whole page: `node test/flow/shots.ts OUT_DIR [URL]`. The state folder of that product (`SELVEDGE_STATE`) says who signs in.
 * @module
 */
import { mkdirSync, readFileSync } from "node:fs";
import path from "node:path";
import type { Page } from "playwright-core";
import { ROOT } from "../../demo/fresh-build.ts";
import { launchBrowser } from "../support/browser.ts";
import { openTab, signIn } from "../support/tab.ts";

const [folder, url = "http://127.0.0.1:8787"] = process.argv.slice(2);
if (!folder) throw new Error("usage: node test/flow/shots.ts OUT_DIR [URL]");
const state = path.resolve(ROOT, process.env.SELVEDGE_STATE ?? ".wrangler/state");
const demo: Record<"email" | "password" | "project_id" | "api_key", string> = JSON.parse(
  readFileSync(path.join(state, "demo.json"), "utf8"),
);
mkdirSync(folder, { recursive: true });

const own = `/projects/${demo.project_id}`;
const PAGES = {
  login: "/login",
  register: "/register",
  projects: "/projects",
  dashboard: own,
  filtered: `${own}?f=eq,event:name,purchase`,
  metrics: `${own}/metrics`,
  "new-metric": `${own}/metrics/new`,
  builder: `${own}/metrics/new?from=blank`,
  formula: `${own}/metrics/new?from=signup_rate`,
  activity: `${own}/activity`,
  settings: `${own}/settings`,
  account: "/account",
  lost: "/no/such/page",
  demo: `/demo/?key=${demo.api_key}&project=${demo.project_id}`,
};

const browser = await launchBrowser();
for (const width of [1440, 360]) {
  const height = width > 600 ? 900 : 780;
  for (const colorScheme of ["light", "dark"] as const) {
    const tab = await openTab(browser, { viewport: { width, height }, colorScheme });
    let isSignedIn = false;
    for (const [name, route] of Object.entries(PAGES)) {
      if (!isSignedIn && name !== "login" && name !== "register") {
        await signIn(tab.page, { url, ...demo });
        isSignedIn = true;
      }
      await show(tab.page, `${url}${route}`);
      const file = path.join(folder, `${name}-${width}-${colorScheme}`);
      await tab.page.screenshot({ path: `${file}.png` });
      const whole = await tab.page.evaluate(() => {
        const { scrollWidth, scrollHeight } = document.documentElement;
        return { wide: scrollWidth, high: scrollHeight };
      });
      console.log(`${file}${whole.wide > width ? `  scrolls sideways: ${whole.wide} px` : ""}`);
      // A higher window, not `fullPage`, which leaves what sticks to the window's edge in the middle of the picture.
      await tab.page.setViewportSize({ width, height: Math.max(height, whole.high) });
      await tab.page.screenshot({ path: `${file}-whole.png` });
      await tab.page.setViewportSize({ width, height });
    }
    for (const error of tab.errors) console.log(`  console: ${error}`);
    await tab.close();
  }
}
await browser.close();

/** Opens a page and waits until nothing on it moves by itself: fonts, the chart, the first frames of the socket. */
async function show(page: Page, address: string): Promise<void> {
  await page.goto(address, { waitUntil: "load" });
  await page.evaluate(() => document.fonts.ready);
  await page.waitForLoadState("networkidle");
}
