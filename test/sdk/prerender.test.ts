import { afterAll, beforeAll, expect, it } from "vitest";
import { openUndriven } from "../support/browser.ts";
import { makeSite, type Site } from "./site.ts";

let site: Site;
beforeAll(async () => {
  site = await makeSite();
});
afterAll(() => site.close());

const sent = () => site.events().map((event) => `${event.event} ${new URL(event.page_url ?? "").pathname}`);

it("counts a prerendered page when it is shown, not before", async () => {
  const prerendered = Promise.withResolvers<void>();
  const turned = Promise.withResolvers<void>();
  const rules = JSON.stringify({ prerender: [{ urls: ["/next"], eagerness: "immediate" }] });
  site.pages.set("/now", {
    head: `<script type="speculationrules">${rules}</script>`,
    body: '<script>fetch("/turn").then(() => location.assign("/next"))</script>',
  });
  site.pages.set("/turn", { after: turned.promise });
  site.pages.set("/next", {
    body: `<script>
      (window.selvedge ||= []).push(["event", document.prerendering ? "prerendered" : "loaded"]);
      addEventListener("load", () => fetch("/is-prerendered"));
    </script>`,
  });
  // An accessor, because the response is selected when the prerendered page requests it.
  site.pages.set("/is-prerendered", {
    get body() {
      prerendered.resolve();
      return "";
    },
  });
  const close = openUndriven(`${site.url}/now`);
  try {
    await prerendered.promise;
    await expect.poll(sent).toEqual(["page_view /now"]);
    turned.resolve();
    await expect
      .poll(() => sent().slice(1).sort())
      .toEqual(["$engagement /now", "page_view /next", "prerendered /next"]);
  } finally {
    await close();
  }
});
