/**
 * A dashboard in a real browser: created from a template, extended by a widget, arranged by mouse and keyboard, and
 * unchanged after a reload; changes of other users are not overwritten; axe finds no serious violations.
 */
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { Dashboard, Widget } from "../../schema/wire/dashboard.ts";
import { graveViolations } from "../support/axe.ts";
import { launchBrowser } from "../support/browser.ts";
import { type Product, type Project, startProduct } from "../support/product.ts";
import { awake, openTab, signIn, type Tab } from "../support/tab.ts";

const patience = { timeout: 20_000, interval: 100 };
let product: Product;
let browser: Browser;
let tab: Tab;
let page: Page;
let project: Project;
let address: string;

beforeAll(async () => {
  [product, browser] = await Promise.all([startProduct(), launchBrowser()]);
  project = await product.makeProject("Shop");
  const events = Array.from({ length: 30 }, (_, index) => ({
    event: index % 5 === 0 ? "signup" : "page_view",
    distinct_id: `member-${index % 7}`,
    timestamp: Date.now() - index * 3_600_000,
    page_url: `https://shop.example/page-${index % 4}`,
    context: { country: ["DE", "FR", "US"][index % 3] },
  }));
  await product.api("POST", `/api/v1/projects/${project.id}/import`, { events });
  await product.settled(project.id, 30, "from=7d");
  tab = await openTab(browser);
  page = tab.page;
  const { server, email, password } = product;
  await signIn(page, { url: server.url, email, password }, `/projects/${project.id}/dashboards`);
});
afterAll(async () => {
  await browser?.close();
  await product?.close();
});

const api = <T>(method: string, rest: string, body?: unknown) =>
  product.api<T>(method, `/api/v1/projects/${project.id}/dashboards${rest}`, body);
const idOf = () => new URL(address).pathname.split("/").at(-1) ?? "";
const stored = () => api<Dashboard>("GET", `/${idOf()}`);
const widget = (id: string) => page.locator(`[data-widget="${id}"]`);
const placesOf = (widgets: readonly Widget[]) =>
  Object.fromEntries(widgets.map(({ id, place }) => [id, place]));

/** Where the page shows widgets, in grid units. */
async function shownPlaces(): Promise<Record<string, { x: number; y: number; w: number; h: number }>> {
  return await page.evaluate(() =>
    Object.fromEntries(
      [...document.querySelectorAll<HTMLElement>("[data-widget]")].map((element) => {
        const [y = 0, x = 0, h = 0, w = 0] = element.style.gridArea.match(/\d+/g)?.map(Number) ?? [];
        return [element.dataset.widget, { x: x - 1, y: y - 1, w, h }];
      }),
    ),
  );
}

async function isSaved(): Promise<void> {
  await page.getByRole("status").getByText("Saved", { exact: true }).waitFor();
  await expect.poll(async () => placesOf((await stored()).widgets), patience).toEqual(await shownPlaces());
}

const expectAccessible = async (what: string) => expect(await graveViolations(page), what).toEqual([]);

it("starts from a template, its numbers in the first response", async () => {
  await expectAccessible("an empty list");
  await page.getByRole("button", { name: "New dashboard" }).first().click();
  await page
    .getByRole("dialog")
    .getByRole("button", { name: /^Web overview/ })
    .click();
  await page.waitForURL(/\/dashboards\/[^/?]+$/);
  address = page.url();
  const response = await page.request.get(address);
  const html = await response.text();
  expect(response.status()).toBe(200);
  expect(html).not.toContain("Loading ");
  for (const { id } of (await stored()).widgets) expect(html).toContain(`data-widget="${id}"`);
  await page.reload();
  await awake(page, "#main");
  await expectAccessible("a dashboard");
});

it("shows all values as a table too", async () => {
  const { widgets } = await stored();
  const line = widgets.find(({ kind }) => kind === "area" || kind === "line");
  const chart = widget(line?.id ?? "");
  await chart.getByRole("button", { name: /^View .* as table$/ }).click();
  await chart.getByRole("columnheader", { name: "Time" }).waitFor();
  expect(await chart.getByRole("row").count()).toBeGreaterThan(2);
  await chart.getByRole("button", { name: /^View .* as table$/ }).click();
});

it("adds a widget from the editor, which shows a preview", async () => {
  const before = (await stored()).widgets;
  await page.getByRole("button", { name: "Edit", exact: true }).click();
  await page.getByRole("button", { name: "Add widget" }).click();
  const editor = page.getByRole("complementary", { name: "New widget" });
  await editor.getByRole("button", { name: "Bars" }).click();
  await editor.getByLabel("Dataset").selectOption("events");
  await editor.getByLabel("Breakdown 1").selectOption("event:path");
  await editor.getByLabel("Metric 1").selectOption("pageviews");
  await editor.getByLabel("Title").fill("What is read");
  const preview = editor.getByRole("region", { name: "Preview" });
  await preview.getByText("/page-1").waitFor();
  await expectAccessible("the editor");
  await editor.getByRole("button", { name: "Add to dashboard" }).click();
  await page.getByRole("article", { name: /^What is read/ }).waitFor();
  await isSaved();
  const after = (await stored()).widgets;
  expect(after).toHaveLength(before.length + 1);
  expect(placesOf(after)).toMatchObject(placesOf(before));
  await page
    .getByRole("article", { name: /^What is read/ })
    .getByText("/page-1")
    .waitFor();
});

const added = async () => (await stored()).widgets.find(({ title }) => title === "What is read");

it("moves it by mouse", async () => {
  const mine = await added();
  if (!mine) throw new Error("the widget is not stored");
  const box = widget(mine.id);
  await box.scrollIntoViewIfNeeded();
  const before = await shownPlaces();
  const from = await box.boundingBox();
  if (!from) throw new Error("the widget is not shown");
  const to = mine.place.x >= 6 ? -1 : 1;
  await page.mouse.move(from.x + 60, from.y + 20);
  await page.mouse.down();
  await page.mouse.move(from.x + 60 + to * 240, from.y + 20, { steps: 8 });
  await page.mouse.move(from.x + 60 + to * 400, from.y + 20, { steps: 8 });
  await page.mouse.up();
  await expect.poll(async () => (await shownPlaces())[mine.id]?.x, patience).not.toBe(before[mine.id]?.x);
  await isSaved();
});

it("moves and resizes it by key, and announces it", async () => {
  const mine = await added();
  if (!mine) throw new Error("the widget is not stored");
  const box = widget(mine.id);
  const place = async () => (await shownPlaces())[mine.id];
  await box.focus();
  const before = await place();
  const way = (before?.x ?? 0) > 0 ? "ArrowLeft" : "ArrowRight";
  await page.keyboard.press(way);
  await expect
    .poll(async () => (await place())?.x, patience)
    .toBe((before?.x ?? 0) + (way === "ArrowLeft" ? -1 : 1));
  expect(await box.evaluate((element) => element === document.activeElement)).toBe(true);
  await page
    .getByRole("status")
    .getByText(/^What is read moved: column \d+, row \d+/)
    .waitFor({ state: "attached" });
  await page.keyboard.press("Shift+ArrowDown");
  await expect.poll(async () => (await place())?.h, patience).toBe((before?.h ?? 0) + 1);
  await page.keyboard.press("Shift+ArrowLeft");
  await expect.poll(async () => (await place())?.w, patience).toBe((before?.w ?? 0) - 1);
  await page.keyboard.press("ArrowUp");
  await isSaved();
  await expectAccessible("arranging");
});

it("resizes it by its corner", async () => {
  const mine = await added();
  if (!mine) throw new Error("the widget is not stored");
  const box = widget(mine.id);
  await box.scrollIntoViewIfNeeded();
  const before = (await shownPlaces())[mine.id];
  const from = await box.boundingBox();
  if (!from || !before) throw new Error("the widget is not shown");
  const corner = { x: from.x + from.width - 8, y: from.y + from.height - 8 };
  await page.mouse.move(corner.x, corner.y);
  await page.mouse.down();
  await page.mouse.move(corner.x - 120, corner.y - 100, { steps: 8 });
  await page.mouse.up();
  await expect.poll(async () => (await shownPlaces())[mine.id]?.w, patience).toBeLessThan(before.w);
  expect((await shownPlaces())[mine.id]?.h).toBe(before.h - 1);
  await isSaved();
});

it("is the same after a reload", async () => {
  const before = await shownPlaces();
  await page.goto(address);
  expect(await shownPlaces()).toEqual(before);
  await awake(page, "#main");
  expect(await shownPlaces()).toEqual(before);
});

it("keeps its title visible while scrolling", async () => {
  await page.getByRole("button", { name: "Web overview", exact: true }).click();
  const field = page.getByRole("textbox", { name: "Name" });
  await field.fill("Shop front");
  await field.press("Enter");
  await page.getByRole("button", { name: "Shop front", exact: true }).waitFor();
  await expect.poll(async () => (await stored()).name, patience).toBe("Shop front");
});

it("restores a removed widget", async () => {
  const mine = await added();
  await page.keyboard.press("e");
  await widget(mine?.id ?? "").focus();
  await page.keyboard.press("Delete");
  await page.getByText("What is read was removed").waitFor();
  await expect.poll(added, patience).toBeUndefined();
  await page.getByRole("button", { name: "Restore" }).click();
  await widget(mine?.id ?? "").waitFor();
  await expect.poll(async () => (await added())?.place, patience).toEqual(mine?.place);
});

it("does not overwrite changes of another user", async () => {
  await page.goto(address);
  await awake(page, "#main");
  const before = await stored();
  let isFaster = false;
  await page.route("**/api/v1/projects/*/dashboards/*", async (route) => {
    if (route.request().method() === "PATCH" && !isFaster) {
      isFaster = true;
      const theirs = contentOf(before);
      await api("PATCH", `/${idOf()}`, { ...theirs, description: "Theirs", version: before.version });
    }
    await route.continue();
  });
  await page.getByRole("button", { name: "Shop front", exact: true }).click();
  await page.getByRole("textbox", { name: "Name" }).fill("Mine");
  await page.getByRole("textbox", { name: "Name" }).press("Enter");
  await page.getByText(/also changed this dashboard/).waitFor();
  expect((await stored()).name).toBe("Shop front");
  await page.getByRole("button", { name: "Mine", exact: true }).waitFor();
  await page.getByRole("button", { name: "Keep mine" }).click();
  await expect.poll(async () => (await stored()).name, patience).toBe("Mine");
  await page.unroute("**/api/v1/projects/*/dashboards/*");
});

/** All messages about a change. */
function contentOf({ name, description, range, compare, filters, widgets, sharing }: Dashboard) {
  return { name, description, range, compare, filters, widgets, sharing };
}

it("applies changes of another user, live and on request", async () => {
  const mine = await stored();
  await api("PATCH", `/${idOf()}`, { ...contentOf(mine), name: "Theirs", version: mine.version });
  await page.getByRole("button", { name: "Theirs", exact: true }).waitFor();
  const theirs = await stored();
  await api("PATCH", `/${idOf()}`, { ...contentOf(theirs), name: "Mine", version: theirs.version });
  await page.getByRole("button", { name: "Mine", exact: true }).waitFor();
});

it("updates its numbers when events arrive, without a reload", async () => {
  await page.goto(`${address}?range=24h`);
  await awake(page, "#main");
  const asked: string[] = [];
  page.on("request", (request) => request.url().endsWith("/results") && asked.push(request.url()));
  const number = page.locator("[data-widget][data-kind=number] .figure").first();
  const before = await number.getAttribute("title");
  await product.api("POST", `/api/v1/projects/${project.id}/import`, {
    events: [{ event: "page_view", distinct_id: "newcomer", page_url: "https://shop.example/page-9" }],
  });
  await expect.poll(() => number.getAttribute("title"), patience).not.toBe(before);
  expect(asked.length).toBeGreaterThan(0);
});

it("fits a small screen, in the order in which it is read", async () => {
  const small = await openTab(browser, { viewport: { width: 360, height: 740 } });
  await signIn(small.page, { url: product.server.url, ...product }, new URL(address).pathname);
  expect(await small.page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
  const order = await small.page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>("[data-widget]")].map(({ dataset }) => dataset.widget),
  );
  const read = (await stored()).widgets
    .toSorted((a, b) => a.place.y - b.place.y || a.place.x - b.place.x)
    .map(({ id }) => id);
  expect(order).toEqual(read);
  expect(small.errors).toEqual([]);
  await small.close();
});

it("is exported to a file and imported as another dashboard", async () => {
  await page.goto(address);
  await awake(page, "#main");
  await page.getByRole("button", { name: "More", exact: true }).click();
  await page.getByRole("button", { name: "Export" }).click();
  const text = await page.getByRole("region", { name: "Dashboard as YAML" }).locator("pre").innerText();
  expect(text).toContain("What is read");
  await page.goto(address.replace(/\/[^/]+$/, ""));
  await awake(page, "#main");
  const importing = async (file: string) => {
    await page.getByRole("button", { name: "Import" }).click();
    await page.getByLabel("Or paste text").fill(file);
    await page.getByRole("dialog").getByRole("button", { name: "Import" }).click();
  };
  await importing(text.replace("kind: bar", "kind: barr"));
  await page
    .getByRole("alert")
    .getByText(/Line \d+, column \d+/)
    .waitFor();
  await page.keyboard.press("Escape");
  await importing(text);
  await page.waitForURL((url) => /\/dashboards\/[^/]+$/.test(url.pathname) && !url.href.startsWith(address));
  await page.getByRole("article", { name: /^What is read/ }).waitFor();
  const copy = await api<Dashboard>("GET", `/${new URL(page.url()).pathname.split("/").at(-1)}`);
  expect(copy.widgets).toEqual((await stored()).widgets);
  await api("DELETE", `/${copy.id}`);
  // The page that shows it handles the change itself.
  await page.getByRole("heading", { name: "Page not found" }).waitFor();
});

it("is deleted only after confirmation", async () => {
  await page.goto(address.replace(/\/[^/]+$/, ""));
  await awake(page, "#main");
  await expectAccessible("the list");
  await page.getByRole("button", { name: /^Actions for Mine/ }).click();
  await page.getByRole("button", { name: "Delete", exact: true }).click();
  await page.getByRole("button", { name: "Delete dashboard" }).click();
  await page.getByRole("heading", { name: "No dashboards yet" }).waitFor();
});

it("the consoles have no errors", () => {
  // Refusals of an old version, a faulty file and a deleted dashboard are expected.
  expect(tab.errors.filter((error) => !/status of (404|409|422)/.test(error))).toEqual([]);
});
