import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { LiveEvent } from "../../../../schema/wire/live";
import { Feed, RECENT } from "../../../../worker/pipeline/live/feed";
import { Rates } from "../../../../worker/pipeline/live/rates";
import { isSampled, READABLE_PER_SECOND, sampleRateFor } from "../../../../worker/pipeline/live/sample";

const NOW = Date.UTC(2026, 10, 20, 12);
const MINUTE = 60_000;

function liveEvent(id: string, timestamp = NOW): LiveEvent {
  const none = { distinct_id: null, path: null, hostname: null, source: null, country: null, city: null };
  return {
    ...none,
    event_id: id,
    event: "e",
    timestamp,
    browser: null,
    os: null,
    device: null,
    properties: null,
  };
}

describe("sampling", () => {
  test("selects about one in `keep`, always the same ones, and a subset of those selected at a lower `keep`", () => {
    const ids = Array.from({ length: 20_000 }, (_, n) => `AbCdEfGhIjKlMnOpQrStUv-${n}`);
    for (const keep of [1, 2, 16, 128]) {
      const sampled = ids.filter((id) => isSampled(id, keep));
      expect(Math.abs(sampled.length - ids.length / keep)).toBeLessThan(5 * Math.sqrt(ids.length / keep) + 1);
      expect(sampled.every((id) => isSampled(id, Math.max(1, keep / 2)))).toBe(true);
    }
  });

  test("any stream becomes readable, and none is sampled more than necessary", () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1e6, noNaN: true }), (rate) => {
        const keep = sampleRateFor(rate);
        expect(rate / keep).toBeLessThanOrEqual(READABLE_PER_SECOND);
        if (keep > 1) expect(rate / (keep / 2)).toBeGreaterThan(READABLE_PER_SECOND);
      }),
    );
  });
});

describe("the feed", () => {
  test("sends each event once and never faster than the readable rate", () => {
    const steps = fc.array(fc.record({ ids: fc.array(fc.nat(400), { maxLength: 60 }), wait: fc.nat(2000) }));
    fc.assert(
      fc.property(steps, (schedule) => {
        const feed = new Feed();
        const distinct = new Set(schedule.flatMap(({ ids }) => ids));
        let [now, skipped] = [NOW, 0];
        const sent: string[] = [];
        for (const { ids, wait } of schedule) {
          for (const id of ids) feed.add(liveEvent(`${id}`));
          const taken = feed.take(now);
          sent.push(...taken.events.map((event) => event.event_id));
          skipped += taken.skipped;
          now += wait;
        }
        expect(new Set(sent).size).toBe(sent.length);
        expect(sent.length + skipped).toBe(distinct.size);
        expect(sent.length).toBeLessThanOrEqual(READABLE_PER_SECOND * (1 + (now - NOW) / 1000));
      }),
    );
  });

  test("when there are too many, the newest are sent, in order", () => {
    const feed = new Feed();
    for (let n = 0; n < 100; n++) feed.add(liveEvent(`${n}`));
    const { events, skipped } = feed.take(NOW);
    expect(events.map((event) => event.event_id)).toEqual(Array.from({ length: 30 }, (_, n) => `${70 + n}`));
    expect(skipped).toBe(70);
  });

  test("new subscribers receive the last fifty, with past ones first", () => {
    const feed = new Feed();
    for (let n = 0; n < 3; n++) feed.add(liveEvent(`new-${n}`));
    feed.fill([
      liveEvent("new-1"),
      ...Array.from({ length: 60 }, (_, n) => liveEvent(`old-${n}`, NOW - MINUTE + n)),
    ]);
    const recent = feed.recent().map((event) => event.event_id);
    expect(recent).toHaveLength(RECENT);
    expect(recent.slice(-4)).toEqual(["old-59", "new-0", "new-1", "new-2"]);
    for (let n = 0; n < 500; n++) feed.add(liveEvent(`later-${n}`));
    expect(feed.recent().at(-1)?.event_id).toBe("later-499");
  });
});

describe("rates", () => {
  test("counts a visitor once, for five minutes after the last event", () => {
    const pulse = new Rates();
    pulse.addVisitor("a", NOW, NOW);
    pulse.addVisitor("b", NOW - 4 * MINUTE, NOW);
    pulse.addVisitor("a", NOW - MINUTE, NOW);
    pulse.addVisitor("long gone", NOW - 5 * MINUTE, NOW);
    expect(pulse.visitorsNow(NOW)).toBe(2);
    pulse.addVisitor("a", NOW + 2 * MINUTE, NOW + 2 * MINUTE);
    expect(pulse.visitorsNow(NOW + 2 * MINUTE)).toBe(1);
    expect(pulse.visitorsNow(NOW + 7 * MINUTE)).toBe(0);
  });

  test("a clock that is ahead does not count its visitor longer", () => {
    const pulse = new Rates();
    pulse.addVisitor("a", NOW + 9 * MINUTE, NOW);
    expect(pulse.visitorsNow(NOW + 5 * MINUTE)).toBe(0);
  });

  test("totals are of the last minute, the rate of the last five whole seconds", () => {
    const pulse = new Rates();
    for (let second = 0; second < 90; second++) {
      pulse.addCounts({ arrived: 40, shown: 30, skipped: 1 }, NOW + second * 1000 + 500);
    }
    const end = NOW + 90_000;
    expect(pulse.totals(end)).toEqual({ arrived: 59 * 40, shown: 59 * 30, skipped: 59 });
    expect(pulse.perSecond(end)).toBe(40);
    expect(pulse.perSecond(end + 5000)).toBe(0);
  });
});
