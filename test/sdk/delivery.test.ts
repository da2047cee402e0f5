import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { say, useHarness } from "./harness.ts";

const h = useHarness();
const MANUAL = { attributes: "data-manual" };

/** Records the delays of all timers of the page. */
const noteDelays = (): void => {
  const real = window.setTimeout;
  const delays: number[] = [];
  Object.assign(window, { delays });
  window.setTimeout = ((handler: () => void, ms: number, ...args: never[]) => {
    delays.push(ms);
    return real(handler, ms, ...args);
  }) as typeof setTimeout;
};
const delays = (page: Page) => page.evaluate(() => (window as unknown as { delays: number[] }).delays);

async function manualPage(init?: () => void): Promise<Page> {
  h.site.pages.set("/", MANUAL);
  const page = await h.visitor(init);
  await page.goto(h.site.url);
  return page;
}

const sayMany = (page: Page, names: string[]) =>
  page.evaluate((all) => {
    for (const name of all) (window.selvedge as { event(name: string): void }).event(name);
  }, names);

const hide = (page: Page) =>
  page.evaluate(() => {
    Object.defineProperty(document, "visibilityState", { configurable: true, value: "hidden" });
    document.dispatchEvent(new Event("visibilitychange", { bubbles: true }));
  });

describe("delivery", () => {
  it("sends batches of ten events, and the rest after two seconds", async () => {
    const page = await manualPage(noteDelays);
    const names = Array.from({ length: 23 }, (_, i) => `e${i}`);
    await sayMany(page, names);
    await expect.poll(() => h.site.beacons.length).toBe(3);
    expect(h.site.beacons.map((beacon) => beacon.events.length).sort()).toEqual([10, 10, 3]);
    expect(new Set(h.site.beacons.map((beacon) => beacon.batch_id)).size).toBe(3);
    expect(
      h.site
        .events()
        .map((event) => event.event)
        .sort(),
    ).toEqual(names.sort());
    const [, ...later] = await delays(page);
    expect(later.some((ms) => ms > 1000 && ms <= 2000)).toBe(true);
  });

  it("retries with the same batch_id, three times with increasing delays, and once more with the next flush", async () => {
    h.site.answers.push(...Array.from({ length: 4 }, () => ({ status: 503 })));
    const page = await manualPage(noteDelays);
    await say(page, "event", "stubborn");
    await expect.poll(() => h.site.beacons.length).toBe(4);
    const [first, ...waits] = await delays(page);
    expect(first).toBe(400);
    expect(waits).toHaveLength(3);
    waits.forEach((ms, i) => {
      expect(ms).toBeGreaterThanOrEqual(500 * 2 ** i);
      expect(ms).toBeLessThanOrEqual(1500 * 2 ** i);
    });
    await say(page, "event", "next");
    await h.arrived("stubborn", 1);
    await h.arrived("next", 1);
    expect(new Set(h.site.beacons.slice(0, 4).map((beacon) => beacon.batch_id)).size).toBe(1);
    expect(
      h.site
        .events()
        .map((event) => event.event)
        .sort(),
    ).toEqual(["next", "stubborn"]);
  });

  it("waits as long as the server asks, but not beyond the page's end", async () => {
    h.site.answers.push({ status: 429, headers: { "retry-after": "77" } });
    const page = await manualPage(noteDelays);
    await say(page, "event", "patient");
    await expect.poll(() => delays(page)).toContain(77_000);
    await hide(page);
    await h.arrived("patient", 1);
    expect(h.site.beacons.map((beacon) => beacon.answered)).toEqual([429, 202]);
    expect(h.site.beacons[1]?.batch_id).toBe(h.site.beacons[0]?.batch_id);
  });

  it("discards batches that the server refuses permanently", async () => {
    h.site.answers.push({ status: 401 });
    const page = await manualPage();
    await say(page, "event", "wrong key");
    await expect.poll(() => h.site.beacons.length).toBe(1);
    await say(page, "event", "after");
    await h.arrived("after", 1);
    expect(h.site.beacons).toHaveLength(2);
  });

  it("retries after a network failure", async () => {
    const page = await manualPage();
    await page.context().setOffline(true);
    const failed = page.waitForEvent("requestfailed");
    await say(page, "event", "in the tunnel");
    await failed;
    await page.context().setOffline(false);
    await h.arrived("in the tunnel", 1);
    expect(h.site.events("in the tunnel")).toHaveLength(1);
  });

  it("sends queued events when the page is left", async () => {
    const page = await manualPage();
    await say(page, "event", "last words");
    await page.goto("about:blank");
    await h.arrived("last words", 1);
  });

  it("sends queued events when the tab is closed", async () => {
    const page = await manualPage();
    await say(page, "event", "last words");
    await page.close({ runBeforeUnload: true });
    await h.arrived("last words", 1);
  });

  it("sends a batch too large for keepalive", async () => {
    const page = await manualPage();
    await say(page, "event", "large", { text: "x".repeat(30_000), more: "ü".repeat(30_000) });
    const [event] = await h.arrived("large", 1);
    expect(event?.properties).toMatchObject({ more: "ü".repeat(30_000) });
  });

  it("reports the viewed time once per page, then only when it is long enough", async () => {
    const page = await h.visitor();
    await page.goto(`${h.site.url}/read`);
    await h.arrived("page_view", 1);
    await hide(page);
    const [first] = await h.arrived("$engagement", 1);
    expect(first?.properties?.engaged_ms).toBeTypeOf("number");
    expect(first?.page_url).toBe(`${h.site.url}/read`);
    expect(first?.session_id).toBe(h.site.events("page_view")[0]?.session_id);
    await hide(page);
    await page.evaluate(() => {
      Object.defineProperty(document, "visibilityState", { configurable: true, value: "visible" });
      document.dispatchEvent(new Event("visibilitychange", { bubbles: true }));
      const real = performance.now.bind(performance);
      performance.now = () => real() + 5000;
    });
    await hide(page);
    const [, second] = await h.arrived("$engagement", 2);
    expect(second?.properties?.engaged_ms).toBeGreaterThanOrEqual(5000);
    expect(h.site.events("$engagement")).toHaveLength(2);
  });
});
