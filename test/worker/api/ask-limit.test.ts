/** What one member, link or organization may ask at the same time and within a minute. */
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { api } from "../../../worker/api/app";
import { type Asker, limitAsking } from "../../../worker/api/ask-limit";
import { ProblemError } from "../../../worker/api/errors";
import { makeAccount } from "../../support/client";

const NOW = Date.parse("2026-03-20T15:20:10Z");
const MB = 2 ** 20;
const ask = (asker: Asker, megabytes = 0, now = NOW) =>
  limitAsking(asker, { megabytesAMinute: 10, now }, async (charge) => charge(megabytes * MB));
const refused = (retry: string) =>
  expect.objectContaining({ code: "rate_limited", headers: { "retry-after": retry } });

describe("within a minute", () => {
  it("a member reads so much, and then waits for the next one", async () => {
    const asker = { by: "reader", organization: "one" };
    await ask(asker, 20);
    await expect(ask(asker)).rejects.toEqual(refused("50"));
    await ask({ ...asker, by: "colleague" });
    await ask({ by: "reader of others", organization: "two" });
    await ask(asker, 0, NOW + 50_000);
  });

  it("an organization reads three times as much", async () => {
    for (const by of ["a", "b", "c"]) await ask({ by, organization: "large" }, 12);
    await expect(ask({ by: "d", organization: "large" })).rejects.toEqual(refused("50"));
    await ask({ by: "d", organization: "small" });
  });
});

describe("at the same time", () => {
  const hold = (asker: Asker) => {
    const { promise, resolve } = Promise.withResolvers<void>();
    return { done: limitAsking(asker, { megabytesAMinute: 1000, now: NOW }, () => promise), end: resolve };
  };

  it("a link asks eight questions, an organization 24", async () => {
    const running = Array.from({ length: 24 }, (_, i) =>
      hold({ by: `link ${Math.floor(i / 8)}`, organization: "busy" }),
    );
    await expect(ask({ by: "link 0", organization: "busy" })).rejects.toThrow(ProblemError);
    await expect(ask({ by: "link 9", organization: "busy" })).rejects.toEqual(refused("1"));
    await ask({ by: "link 9", organization: "quiet" });
    for (const one of running) one.end();
    await Promise.all(running.map(({ done }) => done));
    await ask({ by: "link 0", organization: "busy" });
  });

  it("questions that fail are no longer counted", async () => {
    const asker = { by: "unlucky", organization: "one more" };
    for (let i = 0; i < 30; i++) {
      const failing = limitAsking(asker, { megabytesAMinute: 1000, now: NOW }, async () => {
        throw new Error("lost");
      });
      await expect(failing).rejects.toThrow("lost");
    }
    await ask(asker, 0, NOW + 50_000);
  });
});

it("the API answers 429 with the time to wait", async () => {
  const owner = await makeAccount();
  const { data } = await owner.call("POST", "/api/v1/projects", {
    token: owner.token,
    body: { name: "Limits", timezone: "UTC" },
  });
  const post = (metric: string) =>
    api.request(
      `/api/v1/query/${data.id}`,
      {
        method: "POST",
        headers: { authorization: `Bearer ${owner.token}`, "content-type": "application/json" },
        body: JSON.stringify({ dataset: "events", metrics: [metric] }),
      },
      { ...env, ASK_MB_A_MINUTE: "1" },
    );
  expect((await post("events")).status).toBe(200);
  const second = await post("visitors");
  expect(second.status).toBe(429);
  expect(Number(second.headers.get("retry-after"))).toBeGreaterThan(0);
  expect(await second.json()).toMatchObject({ code: "rate_limited" });
});
