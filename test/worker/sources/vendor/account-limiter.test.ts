import { evictDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { accountLimits, limiterOf } from "../../../../worker/sources/connections";
import { MAX_FAILURES, OPEN_MS } from "../../../../worker/sources/vendor/breaker";
import type { Limit } from "../../../../worker/sources/vendor/driver";

const NOW = 1_790_000_000_000;
const vendorOf = (limits: Limit[]) => ({ name: "stripe" as const, limits });
const free = vendorOf([]);
const ok = { ok: true, usage: [] };
const failed = { ok: false, usage: [] };

/** The binding with a count of its requests. */
function counting() {
  const counted = { requests: 0 };
  const LIMITER = {
    idFromName: (name: string) => env.LIMITER.idFromName(name),
    get: (id: DurableObjectId) => {
      const stub = env.LIMITER.get(id);
      return {
        exchange: (asked: Parameters<typeof stub.exchange>[0]) => {
          counted.requests++;
          return stub.exchange(asked);
        },
        describe: (limits: readonly Limit[], now: number) => stub.describe(limits, now),
      };
    },
  };
  return { counted, LIMITER };
}

test("all callers of an account share its limit, others have their own", async () => {
  const vendor = vendorOf([{ name: "requests", calls: 10, perMs: 10_000 }]);
  const [one, two] = [limiterOf(env, vendor, "acct_1"), limiterOf(env, vendor, "acct_1")];
  let calls = 0;
  for (let i = 0; i < 20; i++) {
    for (const limiter of [one, two])
      if ((await limiter.take(undefined, NOW + i)).wait_until === null) calls++;
  }
  expect(calls).toBe(10);
  expect((await limiterOf(env, vendor, "acct_2").take(undefined, NOW)).wait_until).toBeNull();
});

test("the usage of an account survives the object", async () => {
  const vendor = vendorOf([{ name: "requests", calls: 1, perMs: 60_000 }]);
  await limiterOf(env, vendor, "acct_3").take(undefined, NOW);
  await evictDurableObject(env.LIMITER.get(env.LIMITER.idFromName("stripe:acct_3")));
  const { wait_until } = await limiterOf(env, vendor, "acct_3").take(undefined, NOW + 1);
  expect(wait_until).toBeGreaterThanOrEqual(NOW + 60_000);
});

test("an account that fails is not called while others continue; a trial closes its breaker", async () => {
  const [bad, good] = [limiterOf(env, free, "acct_bad"), limiterOf(env, free, "acct_good")];
  for (let i = 0; i < MAX_FAILURES; i++) {
    expect((await bad.take(undefined, NOW + i)).wait_until).toBeNull();
    await bad.report(failed, NOW + i);
  }
  const opened = NOW + MAX_FAILURES - 1;
  expect(await bad.take(undefined, opened + 1)).toEqual({ wait_until: opened + OPEN_MS, breaker: true });
  expect(await good.take(undefined, opened + 1)).toEqual({ wait_until: null, breaker: false });
  const seen = await accountLimits(env, free, ["acct_bad", "acct_good"], opened + 1);
  expect(seen.map(({ account, breaker }) => [account, breaker])).toEqual([
    ["acct_bad", "open"],
    ["acct_good", "closed"],
  ]);

  await evictDurableObject(env.LIMITER.get(env.LIMITER.idFromName("stripe:acct_bad")));
  const later = opened + OPEN_MS;
  expect((await accountLimits(env, free, ["acct_bad"], later))[0]?.breaker).toBe("half_open");
  expect((await bad.take(undefined, later)).wait_until).toBeNull();
  expect((await limiterOf(env, free, "acct_bad").take(undefined, later)).breaker).toBe(true);
  await bad.report(ok, later + 1);
  expect((await accountLimits(env, free, ["acct_bad"], later + 2))[0]).toMatchObject({
    breaker: "closed",
    failures: 0,
  });
});

test("a thousand calls far from the limit cost a hundred requests to the object", async () => {
  const { counted, LIMITER } = counting();
  const limiter = limiterOf(
    { LIMITER },
    vendorOf([{ name: "requests", calls: 15_000, perMs: 86_400_000 }]),
    "acct_4",
  );
  for (let i = 0; i < 1000; i++) {
    await limiter.take(undefined, NOW + i * 200);
    await limiter.report({ ok: true, usage: [{ name: "requests", used: 0.1 }] }, NOW + i * 200);
  }
  expect(counted.requests).toBe(100);
});

test("a wait returned to one caller applies to it and to the next", async () => {
  const limiter = limiterOf(env, free, "acct_5");
  expect((await limiter.take(undefined, NOW)).wait_until).toBeNull();
  await limiter.report({ ok: true, usage: [], until: NOW + 30_000 }, NOW);
  expect((await limiter.take(undefined, NOW + 1)).wait_until).toBe(NOW + 30_000);
  expect((await limiterOf(env, free, "acct_5").take(undefined, NOW + 1)).wait_until).toBe(NOW + 30_000);
});
