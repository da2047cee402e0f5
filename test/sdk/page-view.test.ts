import { describe, expect, it } from "vitest";
import { say, useHarness } from "./harness.ts";

const h = useHarness({ ignoreDefaultArgs: ["--disable-back-forward-cache"] });
const paths = () => h.site.events("page_view").map((event) => new URL(event.page_url ?? "").pathname);

describe("page views", () => {
  it("sends one on load, with the browser's data, without preflight and cookie", async () => {
    h.site.pages.set("/start", { headers: { "set-cookie": "session=secret" } });
    const page = await h.visitor();
    await page.goto(`${h.site.url}/start?utm_source=letter`);
    const [event] = await h.arrived("page_view", 1);
    expect(event).toMatchObject({
      event: "page_view",
      page_url: `${h.site.url}/start?utm_source=letter`,
      title: "A page",
      language: "en-US",
      screen: "1280x720",
    });
    expect(event?.session_id).toMatch(/^\d{3,30}$/);
    expect(event?.distinct_id).toBeUndefined();
    expect(h.site.methods).toEqual(["POST"]);
    expect(h.site.beacons[0]).toMatchObject({ key: "proj_test", contentType: "text/plain;charset=UTF-8" });
    expect(h.site.beacons[0]?.cookie).toBeUndefined();
  });

  it("contains the referrer", async () => {
    h.site.pages.set("/from", { body: '<a href="/to">to</a>' });
    const page = await h.visitor();
    await page.goto(`${h.site.url}/from`);
    await page.click("a");
    await page.waitForURL("**/to");
    const events = await h.arrived("page_view", 2);
    expect(events[1]?.referrer).toBe(`${h.site.url}/from`);
    expect(events[0]?.session_id).toBe(events[1]?.session_id);
  });

  for (const [api, init] of [
    ["Navigation API", undefined],
    ["History API", () => void Reflect.deleteProperty(window, "navigation")],
  ] as const) {
    it(`counts navigation inside the document once per path, by the ${api}`, async () => {
      const page = await h.visitor(init);
      await page.goto(`${h.site.url}/a`);
      expect(await page.evaluate(() => "navigation" in window)).toBe(init === undefined);
      // Otherwise the batch with the first view could include the second before its title is set.
      await h.arrived("page_view", 1);
      await page.evaluate(() => {
        history.pushState({}, "", "/b");
        setTimeout(() => {
          document.title = "Page b";
        }, 50);
        history.replaceState({ scroll: 1 }, "", "/b");
        history.pushState({}, "", "/b?tab=2");
        history.pushState({}, "", "/b?tab=2#part");
      });
      await h.arrived("page_view", 2);
      await page.evaluate(() => history.go(-3));
      await page.waitForURL("**/a");
      await h.arrived("page_view", 3);
      expect(paths()).toEqual(["/a", "/b", "/a"]);
      const [, second] = h.site.events("page_view");
      expect(second).toMatchObject({ title: "Page b", referrer: `${h.site.url}/a` });
    });
  }

  it("ignores fragments, unless they are routes", async () => {
    h.site.pages.set("/app/", { attributes: "data-hash" });
    const page = await h.visitor();
    await page.goto(`${h.site.url}/plain#/one`);
    await page.evaluate(() => location.assign("#/two"));
    await page.goto(`${h.site.url}/app/?ref=x#/users`);
    await page.evaluate(() => location.assign("#/users/7"));
    await page.evaluate(() => location.assign("#/users/7?tab=2"));
    await h.arrived("page_view", 3);
    expect(h.site.events("page_view").map((event) => event.page_url)).toEqual([
      `${h.site.url}/plain#/one`,
      `${h.site.url}/app/?ref=x#/users`,
      `${h.site.url}/app/?ref=x#/users/7`,
    ]);
  });

  it("counts a return from the bfcache", async () => {
    const page = await h.visitor();
    await page.goto(`${h.site.url}/first`);
    await page.evaluate(() => {
      addEventListener(
        "pageshow",
        (event) => event.persisted && document.documentElement.classList.add("restored"),
      );
    });
    await h.arrived("page_view", 1);
    await page.goto(`${h.site.url}/second`);
    await h.arrived("page_view", 2);
    await page.goBack({ waitUntil: "commit" });
    await h.arrived("page_view", 3);
    expect(paths()).toEqual(["/first", "/second", "/first"]);
    expect(await page.evaluate(() => document.documentElement.className)).toBe("restored");
  });

  it("waits in a background tab until it is shown", async () => {
    const page = await h.visitor(() => {
      Object.defineProperty(document, "visibilityState", { configurable: true, value: "hidden" });
    });
    await page.goto(`${h.site.url}/behind`);
    await say(page, "event", "loaded");
    await h.arrived("loaded", 1);
    expect(paths()).toEqual([]);
    await page.evaluate(() => {
      Object.defineProperty(document, "visibilityState", { configurable: true, value: "visible" });
      document.dispatchEvent(new Event("visibilitychange", { bubbles: true }));
    });
    await h.arrived("page_view", 1);
  });

  it("sends none automatically with data-manual", async () => {
    h.site.pages.set("/manual", { attributes: "data-manual" });
    const page = await h.visitor();
    await page.goto(`${h.site.url}/manual`);
    await page.evaluate(() => history.pushState({}, "", "/manual/2"));
    await say(page, "event", "asked for");
    await h.arrived("asked for", 1);
    expect(h.site.events().map((event) => event.event)).toEqual(["asked for"]);
  });
});
