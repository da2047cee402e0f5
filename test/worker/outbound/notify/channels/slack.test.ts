import { expect, test } from "vitest";
import { escapeSlack, slackDriver } from "../../../../../worker/outbound/notify";

const URL_OF_HOOK = "https://hooks.slack.com/services/T0/B0/secret";

test("posts a text as JSON, with users' text escaped", async () => {
  const asked: [string, RequestInit][] = [];
  const driver = slackDriver(URL_OF_HOOK, async (url, init) => {
    asked.push([url, init]);
    return new Response("ok");
  });
  await driver.send(`*${escapeSlack("<!channel> R&D")}*`);
  expect(asked).toMatchObject([[URL_OF_HOOK, { method: "POST" }]]);
  expect(JSON.parse(String(asked[0]?.[1].body))).toEqual({ text: "*&lt;!channel&gt; R&amp;D*" });
});

test("throws a refusal without the URL, which is secret", async () => {
  const driver = slackDriver(URL_OF_HOOK, async () => new Response("no_service", { status: 404 }));
  const message = await driver.send("hello").catch(String);
  expect(message).toContain("404");
  expect(message).not.toContain("hooks");
});
