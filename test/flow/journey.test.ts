/**
 * The first day of a new user, in real browsers: signs in, adds the snippet to a page of another site, and watches
 * the page's events arrive: in the feed, in the cards, over the API, in the lake.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { Frame } from "../../schema/wire/live.ts";
import { launchBrowser } from "../support/browser.ts";
import { openLake } from "../support/lake-files.ts";
import { type Product, type Project, startProduct } from "../support/product.ts";
import { awake, type OtherSite, openTab, signIn, startOtherSite, type Tab } from "../support/tab.ts";

const patience = { timeout: 20_000, interval: 100 };
const folder = mkdtempSync(path.join(tmpdir(), "selvedge-journey-"));
let product: Product;
let otherSite: OtherSite;
let browser: Browser;
/** The tabs of the user and of the visitor. */
let reader: Tab;
let visitor: Tab;
/** The page of the user's tab. */
let page: Page;
let project: Project;

beforeAll(async () => {
  [product, otherSite, browser] = await Promise.all([startProduct(), startOtherSite(), launchBrowser()]);
  [reader, visitor] = await Promise.all([openTab(browser), openTab(browser)]);
  page = reader.page;
});
afterAll(async () => {
  await browser?.close();
  await otherSite?.close();
  await product?.close();
  rmSync(folder, { recursive: true, force: true });
});

const account = () => ({ url: product.server.url, email: product.email, password: product.password });
const pathOf = () => page.url().slice(product.server.url.length);

/** The exact values of a card. */
function card(label: string) {
  const name = page.getByRole("button", { name: label, exact: true });
  const metric = page.getByRole("list", { name: "Metrics" }).getByRole("listitem").filter({ has: name });
  return async () => await metric.locator(".figure").getAttribute("title");
}

/** Calls the tracker on the visitor's page. */
async function say(method: "event" | "identify", name: string, properties: Record<string, unknown> = {}) {
  await visitor.page.evaluate(
    ([method, name, properties]) => {
      const tracker = window.selvedge;
      if (!tracker || Array.isArray(tracker)) throw new Error("the tracker is not there");
      tracker[method](name, properties);
    },
    [method, name, properties] as const,
  );
}

/** Marks the loaded page, to check later whether it is still the same one. */
const mark = () => page.evaluate(() => document.documentElement.setAttribute("data-test-mark", ""));
const isMarked = () => page.evaluate(() => document.documentElement.hasAttribute("data-test-mark"));

const feed = () => page.getByRole("region", { name: "Live feed" }).getByRole("listitem");

it("an empty project shows its snippet, and data after the first event", async () => {
  await signIn(page, account());
  await page.getByLabel("Name").fill("Shop");
  await page.getByLabel("Time zone").fill("UTC");
  await page.getByRole("button", { name: "Create project" }).click();
  await page.getByRole("heading", { name: "Waiting for the first event" }).waitFor();
  project = await product.api("GET", `/api/v1${pathOf()}`);
  const snippet = await page.getByRole("region", { name: "Tracking snippet" }).locator("pre").textContent();
  expect(snippet).toContain(`${product.server.url}/sdk/tracker.min.js`);
  expect(snippet).toContain(project.api_key);
  await page.getByText("Listening for any site").waitFor();
  await mark();

  otherSite.head = snippet ?? "";
  await visitor.page.goto(`${otherSite.url}/welcome?utm_source=letter`);
  await feed().filter({ hasText: "page_view" }).filter({ hasText: "/welcome" }).waitFor();
  await expect.poll(card("Page views"), patience).toBe("1");
  expect(await page.getByRole("heading", { name: "Waiting for the first event" }).count()).toBe(0);
  expect(await isMarked()).toBe(true);
});

it("an event of a page arrives in feed, cards, API and lake", async () => {
  const { ticket } = await product.api<{ ticket: string }>(
    "POST",
    `/api/v1/projects/${project.id}/live-ticket`,
  );
  const frames: Frame[] = [];
  const socket = new WebSocket(
    `${product.server.url.replace("http", "ws")}/api/v1/ws/events/${project.id}?ticket=${ticket}`,
  );
  socket.onmessage = ({ data }) => frames.push(JSON.parse(String(data)));
  await expect.poll(() => frames.map(({ type }) => type), patience).toContain("hello");

  await visitor.page.evaluate(() => history.pushState({}, "", "/pricing"));
  await say("event", "signup", { plan: "pro" });
  const sent = () => frames.flatMap((frame) => (frame.type === "events" ? frame.events : []));
  await expect.poll(() => sent().map(({ event }) => event), patience).toContain("signup");
  expect(sent().find(({ event }) => event === "signup")).toMatchObject({ path: "/pricing", source: null });
  await feed().filter({ hasText: "signup" }).filter({ hasText: "plan pro" }).waitFor();
  await say("identify", "member-1", { plan: "pro" });
  await feed().filter({ hasText: "$identify" }).waitFor();

  await expect.poll(card("Events"), patience).toBe("4");
  await expect.poll(card("Users"), patience).toBe("1");
  expect(await isMarked()).toBe(true);
  expect(frames.map(({ type }) => type)).toContain("folded");
  socket.close();
  const shown = [await card("Page views")(), await card("Sessions")()];
  const { metrics } = await product.api<{ metrics: Record<string, { value: number }> }>(
    "GET",
    `/api/v1/analytics/${project.id}/overview?from=7d`,
  );
  expect(shown).toEqual(["2", "1"]);
  expect([metrics.events?.value, metrics.pageviews?.value, metrics.sessions?.value]).toEqual([4, 2, 1]);

  const lake = await openLake(product.server.miniflare, path.join(folder, "lake"));
  const stored = await lake.query(
    "SELECT event_name, path FROM events WHERE event_name <> '$engagement' ORDER BY timestamp, event_name",
  );
  lake.close();
  expect(stored.sort()).toEqual([
    ["$identify", "/pricing"],
    ["page_view", "/pricing"],
    ["page_view", "/welcome"],
    ["signup", "/pricing"],
  ]);
});

it("the feed can be paused", async () => {
  const before = await feed().count();
  await page.keyboard.press("p");
  await say("event", "search");
  await page.getByRole("button", { name: "Resume (1 new)" }).click();
  await feed().filter({ hasText: "search" }).waitFor();
  expect(await feed().count()).toBe(before + 1);
});

it("a click on a row filters, and the filter stays in the URL", async () => {
  await page.getByRole("button", { name: "/pricing: filter by this page" }).click();
  await page.getByRole("list", { name: "Filters" }).getByText("/pricing").waitFor();
  await expect.poll(card("Page views"), patience).toBe("1");
  expect(new URL(page.url()).searchParams.getAll("f")).toHaveLength(1);
  await page.reload();
  await awake(page, "#main");
  await page.getByRole("list", { name: "Filters" }).getByText("/pricing").waitFor();
  expect(await card("Page views")()).toBe("1");
  await page.getByRole("button", { name: "Remove: Page is /pricing" }).click();
  await expect.poll(card("Page views"), patience).toBe("2");
  expect(new URL(page.url()).search).toBe("");
});

it("keys: ? lists them, t changes the theme, which is stored", async () => {
  await page.keyboard.press("?");
  const list = page.getByRole("dialog", { name: "Keyboard shortcuts" });
  await list.waitFor();
  await page.keyboard.press("Escape");
  await list.waitFor({ state: "detached" });

  const ground = () => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
  const light = await ground();
  await page.keyboard.press("t");
  await page.keyboard.press("t");
  await expect.poll(ground, patience).not.toBe(light);
  const dark = await ground();
  await page.reload();
  expect(await ground()).toBe(dark);
  await awake(page, "#main");
  await page.keyboard.press("t");
  await expect.poll(ground, patience).toBe(light);
});

it("fits a small screen", async () => {
  const tab = await openTab(browser, { viewport: { width: 360, height: 740 } });
  const empty = await product.makeProject("Empty");
  const fits = async (route: string) => {
    await tab.page.goto(`${product.server.url}${route}`, { waitUntil: "load" });
    const width = await tab.page.evaluate(() => document.documentElement.scrollWidth);
    expect(width, route).toBeLessThanOrEqual(360);
  };
  for (const route of ["/login", "/register", "/forgot-password"]) await fits(route);
  await signIn(tab.page, account());
  const own = [project, empty].flatMap(({ id }) => [`/projects/${id}`, `/projects/${id}/settings`]);
  for (const route of ["/projects", "/account", ...own]) await fits(route);
  expect(tab.errors).toEqual([]);
  await tab.close();
});

it("the key can be rotated: the new one counts, the old one still does", async () => {
  await page.keyboard.press("g");
  await page.keyboard.press("s");
  await page.getByRole("button", { name: "Rotate key" }).click();
  await page.getByRole("button", { name: "Rotate", exact: true }).click();
  const tracking = page.locator("#tracking");
  await expect.poll(() => tracking.locator(".keyline code").textContent()).not.toBe(project.api_key);
  const key = await tracking.locator(".keyline code").textContent();
  await tracking.getByText("works until").waitFor();
  for (const api_key of [project.api_key, key]) {
    const body = JSON.stringify({ api_key, events: [{ event: "server", distinct_id: "member-1" }] });
    const response = await fetch(`${product.server.url}/api/v1/events/ingest`, { method: "POST", body });
    expect(response.status).toBe(202);
  }
  await product.settled(project.id, 7, "from=7d");
});

it("another time zone groups the same events again", async () => {
  await page.getByLabel("Time zone").fill("Asia/Kathmandu");
  await page.getByRole("button", { name: "Save" }).first().click();
  await page.getByText("Saved", { exact: true }).waitFor();
  await product.settled(project.id, 7, "from=7d");
  const series = await product.api<{ timezone: string; data: { bucket: number; value: number }[] }>(
    "GET",
    `/api/v1/analytics/${project.id}/timeseries?granularity=hour&from=7d`,
  );
  expect(series.timezone).toBe("Asia/Kathmandu");
  // Kathmandu is 5:45 h ahead: its hours start at a quarter past in UTC.
  expect(new Set(series.data.map(({ bucket }) => new Date(bucket).getUTCMinutes()))).toEqual(new Set([15]));
  expect(series.data.reduce((sum, { value }) => sum + value, 0)).toBe(7);
  await page.goto(`${product.server.url}/projects/${project.id}`);
  expect(await card("Events")()).toBe("7");
});

it("a project is deleted only after typing its name", async () => {
  await page.goto(`${product.server.url}/projects/${project.id}/settings`);
  await awake(page, "#main");
  await page.getByRole("button", { name: "Delete Shop" }).click();
  const final = page.getByRole("button", { name: /^Delete (project|source|organization)$/ });
  await page.getByLabel("Name of the project").fill("shop");
  expect(await final.isDisabled()).toBe(true);
  await page.getByLabel("Name of the project").fill("Shop");
  await final.click();
  await page.waitForURL(`${product.server.url}/projects`);
  expect(await page.getByRole("link", { name: "Shop" }).count()).toBe(0);
  await expect(product.api("GET", `/api/v1/projects/${project.id}`)).rejects.toThrow("404");
});

it("the consoles have no errors", () => {
  expect([...reader.errors, ...visitor.errors]).toEqual([]);
});
