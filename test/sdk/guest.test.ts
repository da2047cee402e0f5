import { describe, expect, it } from "vitest";
import { say, useHarness } from "./harness.ts";

const h = useHarness();

describe("isolation from the page", () => {
  it("never throws, whatever its arguments, and loses only values that cannot be sent", async () => {
    h.site.pages.set("/", { attributes: "data-manual" });
    const page = await h.visitor();
    const errors: Error[] = [];
    page.on("pageerror", (error) => errors.push(error));
    await page.goto(h.site.url);
    await page.evaluate(() => {
      const tracker = window.selvedge as unknown as Record<string, (...args: unknown[]) => void>;
      const circle: Record<string, unknown> = {};
      circle.self = circle;
      tracker.event?.("circular", circle);
      tracker.event?.("big", { n: 10n });
      tracker.event?.("getter", {
        get broken() {
          throw new Error("host");
        },
      });
      tracker.event?.("fine", { function: () => 1, nothing: undefined, date: new Date(0) });
      tracker.identify?.("u_1", circle);
    });
    const [event] = await h.arrived("fine", 1);
    expect(event?.properties).toEqual({ date: "1970-01-01T00:00:00.000Z" });
    expect(h.site.events()).toHaveLength(1);
    expect(errors).toEqual([]);
  });

  it("does not affect a page whose own script or fetch fails", async () => {
    h.site.pages.set("/", { body: "<script>throw new Error('the page is broken')</script>" });
    const page = await h.visitor(() => {
      let broken = true;
      const real = window.fetch;
      window.fetch = (...args) => {
        if (!broken) return real(...args);
        broken = false;
        throw new Error("the page's fetch is broken");
      };
    });
    const errors: string[] = [];
    page.on("pageerror", (error) => errors.push(error.message));
    await page.goto(h.site.url);
    await h.arrived("page_view", 1);
    expect(errors).toEqual(["the page is broken"]);
  });

  it("works under a strict content security policy", async () => {
    h.site.pages.set("/", {
      headers: {
        "content-security-policy": `default-src 'none'; script-src 'self'; connect-src 'self'; require-trusted-types-for 'script'`,
      },
    });
    const page = await h.visitor();
    const violations: string[] = [];
    page.on("console", (message) => message.type() === "error" && violations.push(message.text()));
    await page.goto(h.site.url);
    await h.arrived("page_view", 1);
    expect(violations.filter((text) => !text.includes("favicon"))).toEqual([]);
  });

  it("is silent where the policy forbids it to send", async () => {
    h.site.pages.set("/", {
      headers: { "content-security-policy": "default-src 'none'; script-src 'self'; connect-src 'none'" },
    });
    const page = await h.visitor();
    const errors: Error[] = [];
    page.on("pageerror", (error) => errors.push(error));
    const refused = page.waitForEvent("console", (message) => message.text().includes("connect-src"));
    await page.goto(h.site.url);
    await refused;
    expect(errors).toEqual([]);
    expect(h.site.beacons).toEqual([]);
  });

  it("counts once when its script is in the page twice, and sends calls made before it has loaded", async () => {
    const again = '<script defer src="/sdk/tracker.min.js" data-project="proj_test"></script>';
    const early = '<script>(window.selvedge ||= []).push(["event", "early", { a: 1 }])</script>';
    h.site.pages.set("/", { head: early + again });
    const page = await h.visitor();
    await page.goto(h.site.url);
    const [event] = await h.arrived("early", 1);
    expect(event?.properties).toEqual({ a: 1 });
    expect(await h.arrived("page_view", 1)).toHaveLength(1);
  });

  it("is available under both names, but does not replace the page's own `tracker`", async () => {
    h.site.pages.set("/own", { head: '<script>window.tracker = "mine"</script>' });
    const page = await h.visitor();
    await page.goto(h.site.url);
    expect(await page.evaluate(() => window.tracker === window.selvedge)).toBe(true);
    await page.goto(`${h.site.url}/own`);
    expect(await page.evaluate(() => window.tracker)).toBe("mine");
  });

  it("sends to another host by data-host", async () => {
    const host = h.site.url.replace("127.0.0.1", "localhost");
    h.site.pages.set("/", { attributes: `data-host="${host}"` });
    const page = await h.visitor();
    const request = page.waitForRequest((made) => made.url().includes("/events/ingest"));
    await page.goto(h.site.url);
    expect((await request).url()).toBe(`${host}/api/v1/events/ingest?key=proj_test`);
    await h.arrived("page_view", 1);
    expect(h.site.methods).toEqual(["POST"]);
  });

  it("counts data- attributes, links and forms with its second script", async () => {
    h.site.pages.set("/", {
      attributes: "data-manual",
      head: '<script defer src="/sdk/tracker.auto.min.js"></script>',
      body: `<button data-selvedge-event="signup" data-selvedge-plan-size="team"><b>Sign up</b></button>
        <a id="out" href="https://elsewhere.example/page?token=1">out</a> <a id="in" href="#inside">in</a>
        <a id="file" href="/report.pdf?token=1">file</a>
        <form id="letter" action="/subscribe?x=1"><input name="name" required><button id="send">Send</button></form>
        <script>
          addEventListener("submit", (event) => event.preventDefault());
          addEventListener("click", (event) => event.target.closest("a") && event.preventDefault());
        </script>`,
    });
    const page = await h.visitor();
    await page.goto(h.site.url);
    for (const selector of ["b", "#in", "#out", "#file", "#send"]) await page.click(selector);
    await page.fill("input", "secret");
    await page.click("#send");
    for (const name of ["signup", "outbound_click", "file_download", "form_submit"]) await h.arrived(name, 1);
    expect(h.site.events().map(({ event, properties }) => ({ event, properties }))).toEqual([
      { event: "signup", properties: { plan_size: "team" } },
      {
        event: "outbound_click",
        properties: { url: "https://elsewhere.example/page", host: "elsewhere.example" },
      },
      { event: "file_download", properties: { url: `${h.site.url}/report.pdf`, file: "report.pdf" } },
      { event: "form_submit", properties: { form: "letter", action: "/subscribe" } },
    ]);
    await say(page, "reset");
  });
});
