import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { destroyOldSalts, saltsFor } from "../../../../worker/tenancy/projects";

test("one salt per date, created once, the same for concurrent callers", async () => {
  const answers = await Promise.all([1, 2, 3].map(() => saltsFor(env.CONTROL, "2026-03-01")));
  expect(new Set(answers.map((a) => a.today)).size).toBe(1);
  expect(atob(answers[0]?.today ?? "")).toHaveLength(16);
  expect(answers[0]?.yesterday).toBe("");
});

test("the salt of tomorrow's yesterday is today's", async () => {
  const today = await saltsFor(env.CONTROL, "2026-03-31");
  const tomorrow = await saltsFor(env.CONTROL, "2026-04-01");
  expect(tomorrow.yesterday).toBe(today.today);
  expect(tomorrow.today).not.toBe(today.today);
});

test("dates more than two days before the UTC date are destroyed, also in the isolate", async () => {
  const days = ["2026-05-07", "2026-05-08", "2026-05-09"];
  const before = await Promise.all(days.map((day) => saltsFor(env.CONTROL, day)));
  await destroyOldSalts(env.CONTROL, Date.parse("2026-05-10T00:00:00Z"));
  const { results } = await env.CONTROL.prepare(
    "SELECT day FROM salts WHERE day LIKE '2026-05-%' ORDER BY day",
  ).all();
  expect(results.map((row) => row.day)).toEqual(["2026-05-08", "2026-05-09"]);
  expect((await saltsFor(env.CONTROL, "2026-05-07")).today).not.toBe(before[0]?.today);
  expect((await saltsFor(env.CONTROL, "2026-05-09")).today).toBe(before[2]?.today);
});
