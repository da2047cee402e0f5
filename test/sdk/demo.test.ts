import { beforeAll, describe, expect, it } from "vitest";
import { buildDemo } from "../../demo/site/build.ts";
import { useHarness } from "./harness.ts";

const h = useHarness();
beforeAll(() => buildDemo());

const names = () => h.site.events().map((event) => event.event);

describe("the demo page", () => {
  it("sends its visitor's events, and shows them", async () => {
    const page = await h.visitor();
    const errors: Error[] = [];
    page.on("pageerror", (error) => errors.push(error));
    await page.goto(`${h.site.url}/demo/?key=proj_demo`);
    await page.click("text=See the cloth");
    await page.click("text=Sashiko kit");
    await page.click("text=Put it in the basket");
    await page.click("text=Basket (1)");
    await page.click("text=Go to checkout");
    await page.fill('[name="name"]', "Aiko");
    await page.click("text=Buy for €24.00");
    await page.click("text=Join");
    await page.fill('[name="name"]', "Aiko");
    await page.click("main button");
    await h.arrived("signup", 1);
    expect(h.site.events("purchase")[0]?.properties).toMatchObject({ amount: 24, currency: "EUR", items: 1 });
    expect(h.site.events("$identify")[0]).toMatchObject({ distinct_id: "member_aiko" });
    expect(h.site.beacons[0]?.key).toBe("proj_demo");
    const paths = h.site.events("page_view").map((event) => new URL(event.page_url ?? "").pathname);
    expect(paths.slice(0, 7)).toEqual([
      "/demo/",
      "/demo/shop",
      "/demo/shop/sashiko-kit",
      "/demo/cart",
      "/demo/checkout",
      "/demo/thanks",
      "/demo/join",
    ]);
    expect(JSON.stringify(h.site.events())).not.toContain("Aiko");
    await expect
      .poll(() => page.locator('.feed li[data-stage="taken"] .what').allTextContents())
      .toContain("signup");
    await page.reload();
    expect(await page.textContent("h1")).toBe("Hello, Aiko");
    await page.click("main button");
    await page.click(".bench >> text=Click");
    await h.arrived("click", 2);
    expect(h.site.events("click")[1]?.distinct_id).toBeUndefined();
    expect(errors).toEqual([]);
  });

  it("sends one event of each kind by button", async () => {
    const page = await h.visitor();
    await page.goto(`${h.site.url}/demo/?key=proj_demo`);
    for (const label of [
      "Page view",
      "Click",
      "Form",
      "Sign-up",
      "Purchase",
      "Identify",
      "Reset",
      "404",
      "Outbound",
    ]) {
      await page.click(`.bench >> text="${label}"`);
    }
    await page.click(".bench >> text=Burst of 25");
    await h.arrived("burst", 25);
    await expect
      .poll(() => new Set(names()))
      .toEqual(
        new Set([
          "page_view",
          "$engagement",
          "click",
          "form_submit",
          "signup",
          "purchase",
          "$identify",
          "404",
          "outbound_click",
          "burst",
        ]),
      );
  });

  it("asks which project to report to, and fits a small screen", async () => {
    const page = await h.visitor();
    await page.setViewportSize({ width: 360, height: 740 });
    await page.goto(`${h.site.url}/demo/`);
    await page.click(".grip");
    await page.fill('[name="key"]', "proj_asked");
    await page.click("text=Report to it");
    await h.arrived("page_view", 1);
    expect(h.site.beacons[0]?.key).toBe("proj_asked");
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
  });
});
