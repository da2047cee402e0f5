import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type ComparedTotal, compare } from "../../../../worker/sources/quality/tolerance";

const figure = (given: Partial<ComparedTotal>): ComparedTotal => ({
  stream: "ad_insights",
  account: "1",
  day: "2026-09-01",
  metric: "clicks",
  reported: 1000,
  stored: 1000,
  reported_at: 20,
  read_at: 10,
  settled: false,
  ...given,
});
const count = fc.integer({ min: 100, max: 1_000_000 });

describe("two counts of the same value", () => {
  test("agree within 1 %, and not beyond once the day is final", () => {
    fc.assert(
      fc.property(count, fc.double({ min: -0.1, max: 0.1, noNaN: true }), (reported, by) => {
        const stored = reported * (1 + by);
        const { off, open } = compare([figure({ reported, stored, settled: true })], []);
        expect(open).toEqual([]);
        if (Math.abs(by) < 0.0099) expect(off).toEqual([]);
        if (Math.abs(by) > 0.0102) expect(off).toHaveLength(1);
      }),
    );
  });

  test("are no error when the vendor only continued counting between two checks", () => {
    fc.assert(
      fc.property(count, count, count, (a, b, c) => {
        const [first = 0, middle = 0, last = 0] = [a, b, c].sort((x, y) => x - y);
        const before = compare(
          [figure({ reported: first, stored: first / 2, reported_at: 1, read_at: 0 })],
          [],
        );
        expect(before.off).toEqual([]);
        const after = compare(
          [figure({ reported: last, stored: middle, reported_at: 3, read_at: 2 })],
          before.open,
        );
        expect(after.off).toEqual([]);
      }),
    );
  });

  test("are an error when they differ by 2 % after another read, and not before", () => {
    fc.assert(
      fc.property(count, fc.constantFrom(0.98, 1.02), (reported, factor) => {
        const stored = reported * factor;
        const first = compare([figure({ reported, stored, reported_at: 1, read_at: 0 })], []);
        const again = compare([figure({ reported, stored, reported_at: 2, read_at: 0 })], first.open);
        expect([first.off, again.off]).toEqual([[], []]);
        expect(
          compare([figure({ reported, stored, reported_at: 4, read_at: 3 })], again.open).off,
        ).toHaveLength(1);
      }),
    );
  });

  test("may differ by rounding: half of a count, a cent of millionths", () => {
    const rounded = [
      figure({ reported: 3, stored: 3.4, settled: true }),
      figure({ metric: "cost_micros", reported: 30_000, stored: 35_000, settled: true }),
    ];
    expect(compare(rounded, []).off).toEqual([]);
    expect(compare([figure({ reported: 3, stored: 4, settled: true })], []).off).toHaveLength(1);
  });
});
