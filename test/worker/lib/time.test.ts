import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  bucketStart,
  bucketsOf,
  DAY_MS,
  type Grain,
  HOUR_MS,
  instantOf,
  localDate,
  nextBucket,
  shiftDays,
} from "../../../worker/lib/time";

const ZONES = [
  "UTC",
  "Europe/Paris",
  "America/St_Johns",
  "Asia/Kolkata",
  "Asia/Kathmandu",
  "Australia/Lord_Howe",
  "America/Sao_Paulo",
  "Pacific/Apia",
];
const at = (iso: string) => Date.parse(iso);

describe("buckets", () => {
  it("start on the local hour in half-hour zones", () => {
    expect(bucketStart(at("2026-03-01T10:45:00Z"), "hour", "Asia/Kolkata")).toBe(at("2026-03-01T10:30:00Z"));
    expect(bucketStart(at("2026-03-01T10:45:00Z"), "hour", "Asia/Kathmandu")).toBe(
      at("2026-03-01T10:15:00Z"),
    );
  });

  it("count the repeated hour of daylight saving as two", () => {
    const day = {
      from: instantOf("2026-10-25", "Europe/Paris"),
      to: instantOf("2026-10-26", "Europe/Paris"),
    };
    const hours = bucketsOf(day, "hour", "Europe/Paris");
    expect(hours).toHaveLength(25);
    expect(new Set(hours).size).toBe(25);
    expect(
      bucketsOf(
        {
          from: instantOf("2026-03-29", "Europe/Paris"),
          to: instantOf("2026-03-30", "Europe/Paris"),
        },
        "hour",
        "Europe/Paris",
      ),
    ).toHaveLength(23);
  });

  it("follow days, weeks and months of the zone", () => {
    const time = at("2026-11-01T03:30:00Z");
    expect(bucketStart(time, "day", "America/St_Johns")).toBe(at("2026-11-01T02:30:00Z"));
    expect(bucketStart(time, "month", "America/St_Johns")).toBe(at("2026-11-01T02:30:00Z"));
    expect(bucketStart(at("2026-11-18T12:00:00Z"), "week", "UTC")).toBe(at("2026-11-16T00:00:00Z"));
    expect(localDate(time, "America/New_York")).toBe("2026-10-31");
  });

  it("cover time without gaps or overlaps", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: at("2035-01-01T00:00:00Z") }),
        fc.constantFrom<Grain>("hour", "day", "week", "month"),
        fc.constantFrom(...ZONES),
        (time, grain, zone) => {
          const start = bucketStart(time, grain, zone);
          const next = nextBucket(time, grain, zone);
          expect(start).toBeLessThanOrEqual(time);
          expect(next).toBeGreaterThan(time);
          expect(bucketStart(next - 1, grain, zone)).toBe(start);
          expect(bucketStart(next, grain, zone)).toBe(next);
          expect(nextBucket(start, grain, zone)).toBe(next);
        },
      ),
      { numRuns: 500 },
    );
  });

  it("nest: an hour never crosses a day", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: at("2035-01-01T00:00:00Z") }),
        fc.constantFrom(...ZONES),
        (time, zone) => {
          const hour = bucketStart(time, "hour", zone);
          expect(bucketStart(hour, "day", zone)).toBe(bucketStart(time, "day", zone));
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe("dates", () => {
  it("parse a bare date as the zone's midnight and shift by local days", () => {
    expect(instantOf("2026-06-01", "Asia/Kolkata")).toBe(at("2026-05-31T18:30:00Z"));
    expect(instantOf("2026-06-01T10:00:00+02:00", "UTC")).toBe(at("2026-06-01T08:00:00Z"));
    const before = instantOf("2026-03-28T12:00", "Europe/Paris");
    expect(shiftDays(before, 1, "Europe/Paris") - before).toBe(DAY_MS - HOUR_MS);
  });
});
