import fc from "fast-check";
import { expect, test } from "vitest";
import { backoffMs, jitteredBackoffMs, retry, retryWhileNull } from "../../../worker/lib/retry";

const backoff = { firstMs: 1000, maxMs: 60_000 };

test("returns the first success and waits between attempts", async () => {
  const waits: number[] = [];
  const result = await retry(
    async (attempt) => {
      if (attempt < 4) throw new Error("down");
      return attempt;
    },
    { attempts: 5, backoff, random: () => 0.5, wait: async (ms) => void waits.push(ms) },
  );
  expect(result).toBe(4);
  expect(waits).toEqual([500, 1000, 2000]);
});

test("throws the last error when no attempts are left", async () => {
  let attempts = 0;
  const failing = retry(
    async (attempt) => {
      attempts = attempt;
      throw new Error(`failure ${attempt}`);
    },
    { attempts: 3 },
  );
  await expect(failing).rejects.toThrow("failure 3");
  expect(attempts).toBe(3);
});

test("throws at once what is not retryable", async () => {
  let attempts = 0;
  const failing = retry(
    async () => {
      attempts += 1;
      throw new RangeError("wrong");
    },
    { attempts: 3, isRetryable: (error) => !(error instanceof RangeError) },
  );
  await expect(failing).rejects.toThrow("wrong");
  expect(attempts).toBe(1);
});

test("repeats work while it returns null, until the attempts are used up", async () => {
  let calls = 0;
  const thirdCall = async () => (++calls === 3 ? "done" : null);
  expect(await retryWhileNull(5, thirdCall)).toBe("done");
  expect(calls).toBe(3);
  expect(await retryWhileNull(2, thirdCall)).toBeNull();
  expect(calls).toBe(5);
});

test("repeats no work that throws, and returns a falsy result", async () => {
  let calls = 0;
  const failing = retryWhileNull(3, async () => {
    calls += 1;
    throw new Error("down");
  });
  await expect(failing).rejects.toThrow("down");
  expect(calls).toBe(1);
  expect(await retryWhileNull(3, async () => 0)).toBe(0);
});

test("backoff grows to its limit and jitter stays below it", () => {
  const attempt = fc.integer({ min: 1, max: 200 });
  const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
  fc.assert(
    fc.property(attempt, random, (at, value) => {
      const longest = backoffMs(at, backoff);
      expect(longest).toBeLessThanOrEqual(backoff.maxMs);
      expect(backoffMs(at + 1, backoff)).toBeGreaterThanOrEqual(longest);
      expect(jitteredBackoffMs(at, backoff, () => value)).toBeLessThanOrEqual(longest);
    }),
  );
  expect(backoffMs(1, backoff)).toBe(1000);
  expect(backoffMs(200, backoff)).toBe(60_000);
});
