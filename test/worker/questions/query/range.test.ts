import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Range } from "../../../../schema/wire/query";
import { bucketStart, bucketsOf } from "../../../../worker/lib/time";
import { comparedRange, readUntil, resolveRange } from "../../../../worker/questions/query/parse/range";
import { isRefusal } from "../../../../worker/questions/query/parse/refusal";

const at = (text: string) => Date.parse(text);
const show = (time: number) => new Date(time).toISOString().replace(":00.000Z", "Z");

function resolved(range: Range, zone: string, now: string) {
  const found = resolveRange(range, zone, at(now));
  if (isRefusal(found)) throw new Error(found.detail);
  return found;
}

describe("ranges", () => {
  it.each<[Range, string, string, string, string]>([
    ["24h", "UTC", "2026-03-20T15:20:00Z", "2026-03-19T16:00Z", "2026-03-20T16:00Z"],
    ["24h", "Asia/Kolkata", "2026-03-20T15:20:00Z", "2026-03-19T15:30Z", "2026-03-20T15:30Z"],
    ["24h", "Asia/Kathmandu", "2026-03-20T15:20:00Z", "2026-03-19T16:15Z", "2026-03-20T16:15Z"],
    ["7d", "UTC", "2026-03-20T15:20:00Z", "2026-03-14T00:00Z", "2026-03-20T16:00Z"],
    ["7d", "Asia/Kolkata", "2026-03-20T20:00:00Z", "2026-03-14T18:30Z", "2026-03-20T20:30Z"],
    // The clocks changed on the 8th: the first day starts an hour later in UTC than the last.
    ["30d", "America/New_York", "2026-03-20T15:20:00Z", "2026-02-19T05:00Z", "2026-03-20T16:00Z"],
    ["90d", "UTC", "2026-03-20T15:20:00Z", "2025-12-21T00:00Z", "2026-03-20T16:00Z"],
    ["12mo", "Europe/Paris", "2026-03-31T23:30:00Z", "2025-04-30T22:00Z", "2026-04-01T00:00Z"],
    ["12mo", "UTC", "2026-03-31T23:30:00Z", "2025-04-01T00:00Z", "2026-04-01T00:00Z"],
    ["today", "Pacific/Auckland", "2026-03-20T15:20:00Z", "2026-03-20T11:00Z", "2026-03-20T16:00Z"],
    ["yesterday", "UTC", "2026-03-20T15:20:00Z", "2026-03-19T00:00Z", "2026-03-20T00:00Z"],
    // 23 and 25 hours.
    ["yesterday", "Europe/Berlin", "2026-03-30T12:00:00Z", "2026-03-28T23:00Z", "2026-03-29T22:00Z"],
    ["yesterday", "Europe/Berlin", "2026-10-26T12:00:00Z", "2026-10-24T22:00Z", "2026-10-25T23:00Z"],
    [{ from: "7d" }, "UTC", "2026-03-20T15:20:00Z", "2026-03-14T00:00Z", "2026-03-20T16:00Z"],
    [
      { from: "2026-03-01", to: "2026-03-08" },
      "Asia/Kolkata",
      "2026-03-20T15:20:00Z",
      "2026-02-28T18:30Z",
      "2026-03-07T18:30Z",
    ],
    [{ from: "2026-03-01" }, "UTC", "2026-03-20T15:20:00Z", "2026-03-01T00:00Z", "2026-03-20T16:00Z"],
    [
      { from: "2026-03-01T10:00:00+02:00", to: "2026-03-01T12:00:00" },
      "America/New_York",
      "2026-03-20T15:20:00Z",
      "2026-03-01T08:00Z",
      "2026-03-01T17:00Z",
    ],
  ])("%j in %s at %s", (range, zone, now, from, to) => {
    const found = resolved(range, zone, now);
    expect([show(found.from), show(found.to)]).toEqual([from, to]);
  });

  it.each<Range>([{ from: "last week" }, { from: "2026-02-30" }, { from: "2026-03-02", to: "2026-03-01" }])(
    "%j is refused with the place of the fault",
    (range) => {
      const found = resolveRange(range, "UTC", at("2026-03-20T15:20:00Z"));
      expect(found).toMatchObject({
        code: "range_invalid",
        errors: [{ path: expect.stringMatching(/^range/) }],
      });
    },
  );
});

describe("comparison", () => {
  it.each<[Range, "previous" | "year", string, string, string, string]>([
    ["24h", "previous", "UTC", "2026-03-20T15:20:00Z", "2026-03-18T16:00Z", "2026-03-19T16:00Z"],
    ["7d", "previous", "UTC", "2026-03-20T15:20:00Z", "2026-03-07T00:00Z", "2026-03-13T16:00Z"],
    ["today", "previous", "UTC", "2026-03-20T15:20:00Z", "2026-03-19T00:00Z", "2026-03-19T16:00Z"],
    // The day before the clocks change ends an hour later in UTC: the local time of day is compared.
    ["7d", "previous", "America/New_York", "2026-03-10T15:20:00Z", "2026-02-25T05:00Z", "2026-03-03T17:00Z"],
    ["12mo", "previous", "UTC", "2026-03-20T15:20:00Z", "2024-04-01T00:00Z", "2025-03-20T16:00Z"],
    ["7d", "year", "UTC", "2026-03-20T15:20:00Z", "2025-03-14T00:00Z", "2025-03-20T16:00Z"],
    [
      { from: "2026-03-01", to: "2026-03-08" },
      "previous",
      "UTC",
      "2026-03-20T15:20:00Z",
      "2026-02-22T00:00Z",
      "2026-03-01T00:00Z",
    ],
    [
      { from: "2026-03-01T10:00:00Z", to: "2026-03-01T12:00:00Z" },
      "previous",
      "UTC",
      "2026-03-20T15:20:00Z",
      "2026-03-01T08:00Z",
      "2026-03-01T10:00Z",
    ],
  ])("%j by %s in %s at %s", (range, compare, zone, now, from, to) => {
    const found = comparedRange(resolved(range, zone, now), compare, zone)!;
    expect([show(found.from), show(found.to)]).toEqual([from, to]);
  });

  it("is none by default", () => {
    expect(comparedRange(resolved("7d", "UTC", "2026-03-20T15:20:00Z"), "none", "UTC")).toBeNull();
  });
});

describe("where reading ends", () => {
  const now = at("2026-03-20T15:20:00Z");
  it.each([
    ["2026-03-20T16:00:00Z", null, "2026-03-21T00:00Z"],
    ["2026-03-20T16:00:00Z", "day", "2026-03-21T00:00Z"],
    ["2026-03-20T16:00:00Z", "hour", "2026-03-20T16:00Z"],
    ["2026-03-20T15:00:00Z", null, "2026-03-20T15:00Z"],
    ["2026-03-25T00:00:00Z", "day", "2026-03-25T00:00Z"],
  ])("%s by %s", (to, grain, expected) => {
    expect(show(readUntil(at(to), grain, "UTC", now))).toBe(expected);
  });
});

describe("bounds", () => {
  it.each([
    { from: "0001-01-01", to: "9999-12-31" },
    { from: "-200000-01-01T00:00:00Z" },
    { from: "1960-01-01" },
    { from: "2026-01-01", to: "2030-01-01" },
  ])("refuse %j, without listing its days", (range) => {
    const found = resolveRange(range, "Asia/Kathmandu", at("2026-03-20T15:20:00Z"));
    expect(found).toMatchObject({ code: "range_invalid" });
  });

  it("admit everything between 1970 and two years from now", () => {
    const widest = { from: "1970-01-01", to: "2028-03-20" };
    expect(resolved(widest, "Pacific/Kiritimati", "2026-03-20T15:20:00Z").step).toEqual({ days: 21_263 });
  });

  // Not in Samoa in 2011, which has no December 30: it counts there as a day of the calendar.
  it("count the same days as a list of them", () => {
    const day = fc.integer({ min: Date.UTC(2010, 0), max: Date.UTC(2026, 0) });
    const zone = fc.constantFrom(
      "UTC",
      "America/Santiago",
      "Asia/Kathmandu",
      "Pacific/Auckland",
      "Europe/Berlin",
    );
    fc.assert(
      fc.property(day, fc.integer({ min: 1, max: 400 * 86_400_000 }), zone, (time, length, zone) => {
        const from = bucketStart(time, "day", zone);
        const to = from + length;
        const text = (instant: number) => new Date(instant).toISOString();
        const { step } = resolved({ from: text(from), to: text(to) }, zone, "2027-03-20T15:20:00Z");
        expect(step).toEqual({ days: bucketsOf({ from, to }, "day", zone).length });
      }),
    );
  });
});
