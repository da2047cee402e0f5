import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { batchesOf } from "../../demo/cli/seed.ts";
import { generate, kindOf, type TrafficOptions } from "../../demo/traffic/index.ts";
import { importEventSchema, MAX_BODY_BYTES, MAX_EVENTS } from "../../schema/wire/event.ts";

const HOUR = 3_600_000;
const NOON = Date.UTC(2026, 10, 20, 12);
const week: TrafficOptions = { seed: 7, from: NOON - 168 * HOUR, to: NOON, events: 5000 };
const shown = (options: TrafficOptions) =>
  [...generate(options)].filter((event) => kindOf(event) === "event");

describe("traffic", () => {
  it("is in order, within the range and exact in number, whatever is requested", () => {
    const options = fc.record({
      seed: fc.nat(),
      from: fc.integer({ min: NOON - 80 * HOUR, max: NOON - 1 }),
      events: fc.nat({ max: 2000 }),
    });
    fc.assert(
      fc.property(options, ({ seed, from, events }) => {
        let last = from;
        let count = 0;
        for (const event of generate({ seed, from, to: NOON, events })) {
          expect(event.timestamp).toBeGreaterThanOrEqual(last);
          expect(event.timestamp).toBeLessThan(NOON);
          last = event.timestamp;
          if (kindOf(event) === "event") count++;
        }
        expect(count).toBe(events);
      }),
      { numRuns: 50 },
    );
  });

  it("is the same for the same seed and another for another", () => {
    const one = JSON.stringify([...generate(week)]);
    expect(JSON.stringify([...generate(week)])).toBe(one);
    expect(JSON.stringify([...generate({ ...week, seed: 8 })])).not.toBe(one);
  });

  it("satisfies the contract of the import endpoint", () => {
    for (const event of generate(week)) expect(importEventSchema.safeParse(event).success).toBe(true);
  });

  it("has every kind of event, returning people, many places and sources, and bots", () => {
    const events = [...generate(week)];
    const names = new Set(events.map((event) => event.event));
    for (const name of [
      "page_view",
      "click",
      "form_submit",
      "signup",
      "$identify",
      "purchase",
      "$engagement",
    ]) {
      expect(names).toContain(name);
    }
    const people = new Map<string, Set<string>>();
    for (const { distinct_id, session_id } of events) {
      if (!distinct_id || !session_id) continue;
      people.set(distinct_id, (people.get(distinct_id) ?? new Set()).add(session_id));
    }
    expect([...people.values()].filter((sessions) => sessions.size > 1).length).toBeGreaterThan(5);
    const distinct = (of: (event: (typeof events)[number]) => unknown) => new Set(events.map(of)).size;
    expect(distinct((event) => event.context?.country)).toBeGreaterThan(10);
    expect(distinct((event) => event.context?.user_agent)).toBeGreaterThan(10);
    expect(distinct((event) => event.referrer)).toBeGreaterThan(10);
    expect(events.some((event) => kindOf(event) === "bot")).toBe(true);
    expect(events.some((event) => event.page_url?.includes("utm_campaign="))).toBe(true);
  });

  it("is busier in the afternoon than at night", () => {
    const at = (hour: number) =>
      shown(week).filter((event) => new Date(event.timestamp).getUTCHours() === hour).length;
    expect(at(15)).toBeGreaterThan(2 * at(3));
  });
});

describe("batches", () => {
  const options = { days: 7, events: 20_000, seed: 3, until: NOON };

  it("are within the limits of a request and are named the same every time", () => {
    const ids = new Set<string>();
    for (const batch of batchesOf(options)) {
      expect(batch.events.length).toBeLessThanOrEqual(MAX_EVENTS);
      expect(JSON.stringify(batch).length).toBeLessThan(MAX_BODY_BYTES);
      expect(batch.batch_id).toMatch(/^[\w.:-]{1,64}$/);
      ids.add(batch.batch_id);
    }
    expect([...batchesOf(options)].map((batch) => batch.batch_id)).toEqual([...ids]);
  });

  it("are the same ones an hour later, except for the first and the last hour", () => {
    const inner = (until: number) =>
      [...batchesOf({ ...options, until })]
        .filter(({ events }) => events[0]?.timestamp && Number(events[0].timestamp) >= NOON - 160 * HOUR)
        .filter(({ events }) => Number(events[0]?.timestamp) < NOON);
    expect(inner(NOON + HOUR)).toEqual(inner(NOON));
  });
});
