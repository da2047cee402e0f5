import { expect, test } from "vitest";
import { CHANNELS } from "../../../../../worker/outbound/notify/channels";

test("channels have distinct names and setting fields", () => {
  const names = CHANNELS.map(({ name }) => name);
  const settings = CHANNELS.flatMap(({ setting }) => setting ?? []);
  expect(new Set(names).size).toBe(names.length);
  expect(new Set([...settings, "people"]).size).toBe(settings.length + 1);
});

test("an invalid configuration is refused with a code", () => {
  const slack = CHANNELS.find(({ name }) => name === "slack")!;
  const result = slack.config({ allowLoopback: false }).safeParse("http://10.0.0.1/");
  expect(result.error?.issues[0]).toMatchObject({ params: { code: "url_not_allowed" } });
});
