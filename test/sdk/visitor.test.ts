import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import type { Tracker } from "../../sdk/src/types.ts";
import { say, useHarness } from "./harness.ts";

const h = useHarness();

async function manualPage(init?: () => void, attributes = ""): Promise<Page> {
  h.site.pages.set("/", { attributes: `data-manual ${attributes}` });
  const page = await h.visitor(init);
  await page.goto(h.site.url);
  return page;
}

describe("identity", () => {
  it("names a person, for events from then on and on the next page, until reset", async () => {
    const page = await manualPage();
    await say(page, "event", "before");
    await say(page, "identify", "u_1", { plan: "team" });
    await say(page, "event", "after");
    await page.reload();
    await say(page, "event", "next page");
    await say(page, "reset");
    await say(page, "event", "someone else");
    for (const name of ["before", "$identify", "after", "next page", "someone else"])
      await h.arrived(name, 1);
    const of = (name: string) => h.site.events(name)[0];
    expect(of("before")?.distinct_id).toBeUndefined();
    expect(of("$identify")).toMatchObject({ distinct_id: "u_1", properties: { plan: "team" } });
    expect(of("after")?.distinct_id).toBe("u_1");
    expect(of("next page")?.distinct_id).toBe("u_1");
    expect(of("someone else")?.distinct_id).toBeUndefined();
    expect(of("next page")?.session_id).toBe(of("before")?.session_id);
    expect(of("someone else")?.session_id).not.toBe(of("before")?.session_id);
  });

  it("begins a new session after half an hour without an event", async () => {
    const page = await manualPage();
    await say(page, "event", "first");
    await page.evaluate(() => {
      const real = Date.now;
      Date.now = () => real() + 29 * 60_000;
    });
    await say(page, "event", "29 minutes later");
    await page.evaluate(() => {
      const real = Date.now;
      Date.now = () => real() + 31 * 60_000;
    });
    await say(page, "event", "31 minutes more");
    const [last] = await h.arrived("31 minutes more", 1);
    const [first] = await h.arrived("first", 1);
    const [second] = await h.arrived("29 minutes later", 1);
    expect(second?.session_id).toBe(first?.session_id);
    expect(last?.session_id).not.toBe(first?.session_id);
  });

  it("sets no cookie and stores nothing beyond the tab", async () => {
    const page = await manualPage();
    await say(page, "identify", "u_1");
    await h.arrived("$identify", 1);
    expect(await page.context().cookies()).toEqual([]);
    expect(await page.evaluate(() => localStorage.length)).toBe(0);
    expect(await page.evaluate(() => Object.keys(sessionStorage).sort())).toEqual([
      "selvedge_d",
      "selvedge_s",
    ]);
  });

  it("works without storage", async () => {
    const page = await manualPage(() => {
      for (const name of ["localStorage", "sessionStorage"]) {
        Object.defineProperty(window, name, {
          get() {
            throw new DOMException("Forbidden", "SecurityError");
          },
        });
      }
    });
    await say(page, "identify", "u_1");
    await say(page, "event", "in memory");
    const [event] = await h.arrived("in memory", 1);
    const [identified] = await h.arrived("$identify", 1);
    expect(event?.distinct_id).toBe("u_1");
    expect(event?.session_id).toBe(identified?.session_id);
  });

  it("reports an automated browser", async () => {
    const page = await manualPage(() => {
      Object.defineProperty(navigator, "webdriver", { value: true });
    });
    await say(page, "event", "driven", { a: 1 });
    const [event] = await h.arrived("driven", 1);
    expect(event?.properties).toEqual({ a: 1, $webdriver: true });
  });
});

describe("consent", () => {
  const silent = async (page: Page) => {
    await say(page, "event", "no");
    await say(page, "identify", "no");
    await page.goto("about:blank");
    // Another visitor who consented: earlier requests would have arrived by now.
    const other = await h.visitor();
    await other.goto(`${h.site.url}/other`);
    await h.arrived("page_view", 1);
    expect(h.site.events().map((event) => event.event)).toEqual(["page_view"]);
  };

  it("sends nothing under Global Privacy Control, and stores nothing", async () => {
    const page = await manualPage(() => {
      Object.defineProperty(navigator, "globalPrivacyControl", { value: true });
    });
    await say(page, "event", "no");
    expect(await page.evaluate(() => sessionStorage.length)).toBe(0);
    await silent(page);
  });

  it("sends nothing for a visitor who opted out", async () => {
    const page = await manualPage();
    await page.evaluate(() => localStorage.setItem("selvedge_ignore", "1"));
    await silent(page);
  });

  it("discards unsent events when the visitor opts out, and starts again after opting in", async () => {
    const page = await manualPage();
    await page.evaluate(() => {
      const tracker = window.selvedge as Tracker;
      tracker.event("not sent yet");
      tracker.ignore();
      tracker.event("ignored");
    });
    await page.reload();
    await say(page, "event", "still ignored");
    await say(page, "ignore", false);
    await say(page, "event", "back");
    await h.arrived("back", 1);
    expect(h.site.events().map((event) => event.event)).toEqual(["back"]);
  });

  it("waits with data-disabled for ready(), without touching storage", async () => {
    h.site.pages.set("/banner", { attributes: "data-disabled" });
    const page = await h.visitor();
    await page.goto(`${h.site.url}/banner`);
    await say(page, "event", "early");
    await say(page, "identify", "u_1");
    expect(await page.evaluate(() => sessionStorage.length + localStorage.length)).toBe(0);
    expect(h.site.beacons).toHaveLength(0);
    await say(page, "ready");
    await h.arrived("$identify", 1);
    const sent = h.site.events();
    expect(sent.map((event) => event.event)).toEqual(["page_view", "early", "$identify"]);
    expect(sent[0]?.distinct_id).toBeUndefined();
  });
});
