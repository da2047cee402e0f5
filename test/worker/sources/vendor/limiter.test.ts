import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { MAX_FAILURES, OPEN_MS, TRIAL_MS } from "../../../../worker/sources/vendor/breaker";
import type { Limit } from "../../../../worker/sources/vendor/driver";
import {
  describeLimits,
  grant,
  initialState,
  recordOutcome,
} from "../../../../worker/sources/vendor/limiter";

const ok = { ok: true, usage: [] };
const failed = { ok: false, usage: [] };

/** A caller that waits, reserves calls, and uses permitted calls at the worst time within their hold. */
const scheduleArb = fc.record({
  limits: fc.uniqueArray(
    fc.record({
      name: fc.constantFrom("a", "b", "c"),
      calls: fc.integer({ min: 1, max: 50 }),
      perMs: fc.constantFrom(1000, 7000, 10_000, 60_000),
    }),
    { minLength: 1, selector: ({ name }) => name },
  ),
  asks: fc.array(
    fc.record({
      afterMs: fc.integer({ min: 0, max: 3000 }),
      ahead: fc.integer({ min: 1, max: 10 }),
      cost: fc.option(fc.dictionary(fc.constantFrom("a", "b", "c"), fc.integer({ min: 0, max: 5 })), {
        nil: undefined,
      }),
      late: fc.double({ min: 0, max: 0.999, noNaN: true }),
    }),
    { minLength: 1, maxLength: 200 },
  ),
});

describe("documented limits", () => {
  test("no window has more calls than its limit, wherever it starts and whenever reserved calls are made", () => {
    fc.assert(
      fc.property(scheduleArb, ({ limits, asks }) => {
        const state = initialState();
        const made: { at: number; cost: Record<string, number> }[] = [];
        let now = 1_790_000_000_000;
        for (const { afterMs, ahead, cost, late } of asks) {
          now += afterMs;
          const granted = grant(state, limits, cost, ahead, now);
          if ("wait_until" in granted) {
            expect(granted.wait_until).toBeGreaterThan(now);
            now = granted.wait_until;
            continue;
          }
          for (let i = 0; i < granted.times; i++) {
            const costs = limits.map(({ name }) => [name, cost ? (cost[name] ?? 0) : 1] as const);
            made.push({ at: now + late * (granted.until - now), cost: Object.fromEntries(costs) });
          }
        }
        for (const { name, calls, perMs } of limits) {
          for (const { at } of made) {
            const within = made.filter((call) => call.at >= at && call.at < at + perMs && call.cost[name]);
            const sum = within.reduce((total, call) => total + (call.cost[name] ?? 0), 0);
            // A single call above the limit is permitted when nothing else counts.
            expect(sum).toBeLessThanOrEqual(Math.max(calls, within.length === 1 ? sum : 0));
          }
        }
      }),
      { numRuns: 300 },
    );
  });

  test("a caller that waits as required is then permitted", () => {
    fc.assert(
      fc.property(scheduleArb, ({ limits, asks }) => {
        const state = initialState();
        let now = 1_790_000_000_000;
        for (const { cost } of asks) {
          const first = grant(state, limits, cost, 1, now);
          if (!("wait_until" in first)) continue;
          now = first.wait_until;
          expect(grant(state, limits, cost, 1, now)).toHaveProperty("times", 1);
        }
      }),
      { numRuns: 200 },
    );
  });

  test("a day's limit is stored in a few numbers and used to 95 %", () => {
    const limits: Limit[] = [{ name: "operations", calls: 15_000, perMs: 86_400_000 }];
    const state = initialState();
    let now = 0;
    let calls = 0;
    for (; now < 86_400_000; now += 5000)
      if (!("wait_until" in grant(state, limits, undefined, 1, now))) calls++;
    expect(calls).toBeGreaterThan(14_250);
    expect(JSON.stringify(state).length).toBeLessThan(1000);
  });

  test("state survives JSON", () => {
    const limits: Limit[] = [{ name: "a", calls: 3, perMs: 1000 }];
    const state = initialState();
    grant(state, limits, undefined, 1, 5000);
    recordOutcome(state, { ok: false, usage: [{ name: "x", used: 0.7 }], until: 9000 }, 5001);
    const copy = JSON.parse(JSON.stringify(state));
    expect(grant(copy, limits, undefined, 1, 5002)).toEqual(grant(state, limits, undefined, 1, 5002));
  });
});

describe("the vendor's responses", () => {
  test("the vendor is not called before the time it states", () => {
    const state = initialState();
    recordOutcome(state, { ok: true, usage: [], until: 60_000 }, 1000);
    expect(grant(state, [], undefined, 5, 2000)).toEqual({ wait_until: 60_000, breaker: false });
    expect(grant(state, [], undefined, 5, 60_000)).toHaveProperty("times");
  });

  test("calls are spaced out as its headers come near the end, and no longer once the reading is old", () => {
    const state = initialState();
    grant(state, [], undefined, 1, 1000);
    recordOutcome(state, { ok: true, usage: [{ name: "call_count", used: 0.95 }] }, 1000);
    expect(grant(state, [], undefined, 5, 1001)).toEqual({ wait_until: 31_000, breaker: false });
    expect(grant(state, [], undefined, 5, 31_000)).toHaveProperty("times", 1);
    expect(grant(state, [], undefined, 5, 301_001)).toHaveProperty("times", 5);
  });

  test("usage includes its readings, the counts and the wait", () => {
    const limits: Limit[] = [
      { name: "requests", calls: 4, perMs: 1000 },
      { name: "search", calls: 2, perMs: 1000 },
    ];
    const state = initialState();
    grant(state, limits, { requests: 1, search: 2 }, 1, 1000);
    recordOutcome(state, { ok: true, usage: [{ name: "requests", used: 0.5, until: 5000 }] }, 1000);
    const seen = describeLimits(state, limits, 1000);
    expect(seen).toMatchObject({ breaker: "closed", failures: 0, opens_until: null });
    expect(seen.limits).toEqual([
      { name: "search", used: 1, until: expect.any(Number) },
      { name: "requests", used: 0.5, until: 5000 },
    ]);
    expect(
      describeLimits(state, limits, 900_000).limits.every(({ used, until }) => used === 0 && until === null),
    ).toBe(true);
  });
});

describe("breaker", () => {
  test("opens at the fifth failure in a row, for five minutes", () => {
    const state = initialState();
    for (let i = 1; i < MAX_FAILURES; i++) recordOutcome(state, failed, i);
    recordOutcome(state, ok, 10);
    for (let i = 1; i < MAX_FAILURES; i++) recordOutcome(state, failed, 10 + i);
    expect(grant(state, [], undefined, 1, 20)).toHaveProperty("times");
    recordOutcome(state, failed, 20);
    expect(grant(state, [], undefined, 1, 21)).toEqual({ wait_until: 20 + OPEN_MS, breaker: true });
    expect(describeLimits(state, [], 21)).toMatchObject({
      breaker: "open",
      failures: 5,
      opens_until: 20 + OPEN_MS,
    });
  });

  test("lets one trial through, whose outcome decides; a lost trial is followed by another", () => {
    const state = initialState();
    for (let i = 0; i < MAX_FAILURES; i++) recordOutcome(state, failed, 0);
    expect(describeLimits(state, [], OPEN_MS).breaker).toBe("half_open");
    expect(grant(state, [], undefined, 10, OPEN_MS)).toHaveProperty("times", 1);
    expect(grant(state, [], undefined, 10, OPEN_MS + 1)).toEqual({
      wait_until: OPEN_MS + TRIAL_MS,
      breaker: true,
    });
    expect(grant(state, [], undefined, 10, OPEN_MS + TRIAL_MS)).toHaveProperty("times", 1);
    recordOutcome(state, failed, OPEN_MS + TRIAL_MS);
    const later = OPEN_MS + TRIAL_MS + OPEN_MS;
    expect(grant(state, [], undefined, 1, later - 1)).toEqual({ wait_until: later, breaker: true });
    expect(grant(state, [], undefined, 1, later)).toHaveProperty("times", 1);
    recordOutcome(state, ok, later + 1);
    expect(describeLimits(state, [], later + 1)).toMatchObject({ breaker: "closed", failures: 0 });
    expect(grant(state, [], undefined, 3, later + 2)).toHaveProperty("times", 3);
  });

  test("after any history, a call is permitted after the required wait, and a success closes the breaker", () => {
    const histories = fc.array(
      fc.record({ ok: fc.boolean(), afterMs: fc.integer({ min: 0, max: 400_000 }) }),
    );
    fc.assert(
      fc.property(histories, (history) => {
        const state = initialState();
        let now = 0;
        for (const { ok, afterMs } of history) {
          now += afterMs;
          const granted = grant(state, [], undefined, 1, now);
          if ("wait_until" in granted) now = granted.wait_until;
          else recordOutcome(state, { ok, usage: [] }, now);
        }
        const granted = grant(state, [], undefined, 1, now);
        if ("wait_until" in granted) {
          now = granted.wait_until;
          expect(grant(state, [], undefined, 1, now)).toHaveProperty("times");
        }
        recordOutcome(state, ok, now);
        expect(describeLimits(state, [], now).breaker).toBe("closed");
      }),
    );
  });
});
