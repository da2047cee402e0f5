/** The open time bucket, in every zone and on days with a daylight saving change; range and filters in the URL. */
import fc from "fast-check";
import { Temporal } from "temporal-polyfill";
import { describe, expect, it } from "vitest";
import { isOpen, parseQueryState, querySearch } from "../../app/src/query-state";

const ZONES = [
  "UTC",
  "Europe/Berlin",
  "America/New_York",
  "America/Santiago",
  "Africa/Cairo",
  "Asia/Kathmandu",
  "Australia/Lord_Howe",
  "Pacific/Apia",
  "Pacific/Kiritimati",
];
const UNITS = { day: "days", week: "weeks", month: "months" } as const;
type Grain = keyof typeof UNITS;

/** Start of the bucket that contains a date. */
function startOf(date: Temporal.PlainDate, grain: Grain): Temporal.PlainDate {
  if (grain === "week") return date.subtract({ days: date.dayOfWeek - 1 });
  return grain === "month" ? date.with({ day: 1 }) : date;
}

function expectBounds(date: Temporal.PlainDate, grain: Grain, zone: string): void {
  const first = startOf(date, grain);
  const start = first.toZonedDateTime(zone).epochMilliseconds;
  const end = first.add({ [UNITS[grain]]: 1 }).toZonedDateTime(zone).epochMilliseconds;
  expect(isOpen(start, grain, zone, start), "at its start").toBe(true);
  expect(isOpen(start, grain, zone, end - 1), "in its last millisecond").toBe(true);
  expect(isOpen(start, grain, zone, end), "at its end").toBe(false);
}

describe("the open bucket", () => {
  it("ends with the local day, week or month", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 5 * 365 }),
        fc.constantFrom(...(Object.keys(UNITS) as Grain[])),
        fc.constantFrom(...ZONES),
        (days, grain, zone) => expectBounds(Temporal.PlainDate.from("2023-01-01").add({ days }), grain, zone),
      ),
    );
  });

  it.each([
    ["Europe/Berlin", "2026-10-25", 25],
    ["Europe/Berlin", "2026-03-29", 23],
    ["America/New_York", "2026-11-01", 25],
    ["Australia/Lord_Howe", "2026-04-05", 24.5],
  ])("%s, %s: a day of %d hours", (zone, text, hours) => {
    const date = Temporal.PlainDate.from(text);
    const start = date.toZonedDateTime(zone).epochMilliseconds;
    const end = date.add({ days: 1 }).toZonedDateTime(zone).epochMilliseconds;
    expect((end - start) / 3_600_000).toBe(hours);
    for (const grain of ["day", "week", "month"] as const) expectBounds(date, grain, zone);
  });

  it("is one hour long for hourly buckets", () => {
    const start = Date.UTC(2026, 9, 25, 0);
    expect(isOpen(start, "hour", "Europe/Berlin", start + 3_599_999)).toBe(true);
    expect(isOpen(start, "hour", "Europe/Berlin", start + 3_600_000)).toBe(false);
  });
});

describe("range, comparison and filters in the URL", () => {
  it("are restored unchanged", () => {
    const search = "?range=24h&compare=none&f=eq,visit:country,DE";
    expect(querySearch(parseQueryState(search))).toBe(search);
  });

  it("ignore what is not valid", () => {
    expect(querySearch(parseQueryState("?range=__proto__&compare=x&f=gt,event:path,1&edit"))).toBe("");
  });
});
