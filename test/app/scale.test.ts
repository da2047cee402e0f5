/** Axes and lines of a plot. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { curve, heightOf, labelled, scaleOf, stretches } from "../../app/src/charts/scale";

describe("a scale", () => {
  const values = fc.array(fc.oneof(fc.constant(null), fc.double({ min: -1e9, max: 1e9, noNaN: true })), {
    maxLength: 40,
  });

  it("contains zero and every value, with at most five ticks", () => {
    fc.assert(
      fc.property(values, fc.constantFrom("whole", "plain", "ms"), (list, kind) => {
        const scale = scaleOf(list, kind);
        expect(scale.ticks.length).toBeGreaterThanOrEqual(2);
        expect(scale.ticks.length).toBeLessThanOrEqual(5);
        const slack = (scale.high - scale.low) * 1e-6;
        for (const value of [0, ...list]) {
          if (value === null) continue;
          expect(value).toBeGreaterThanOrEqual(scale.low - slack);
          expect(value).toBeLessThanOrEqual(scale.high + slack);
        }
      }),
    );
  });

  it("has integer ticks for counts and whole seconds for durations", () => {
    expect(scaleOf([1, 2], "whole").ticks).toEqual([0, 1, 2]);
    expect(scaleOf([0, 0], "whole").ticks).toEqual([0, 1]);
    expect(scaleOf([0.3], "plain").ticks).toEqual([0, 0.1, 0.2, 0.3]);
    expect(scaleOf([110_000], "ms").ticks).toEqual([0, 30_000, 60_000, 90_000, 120_000]);
  });
});

describe("a curve", () => {
  it("passes through its points and stays within their range", () => {
    const heights = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 3, maxLength: 60 });
    fc.assert(
      fc.property(heights, (ys) => {
        const spots = ys.map((y, index) => ({ x: index / (ys.length - 1), y }));
        const points = curve(spots);
        for (const spot of spots) expect(points).toContainEqual(spot);
        const [least, most] = [Math.min(...ys), Math.max(...ys)];
        for (const { y } of points) {
          expect(y).toBeGreaterThanOrEqual(least - 1e-9);
          expect(y).toBeLessThanOrEqual(most + 1e-9);
        }
      }),
    );
  });

  it("has gaps where values are missing", () => {
    const scale = scaleOf([0, 10], "whole");
    const found = stretches([5, null, 10, 0], scale, (index) => index);
    expect(found.map((points) => points.length)).toEqual([1, 2]);
    expect(heightOf(5, scale)).toBe(0.5);
  });
});

it("an axis labels at most eight buckets, including the first", () => {
  for (let count = 1; count < 200; count++) {
    const names = labelled(count);
    expect(names.length).toBeLessThanOrEqual(8);
    expect(names[0]).toEqual({ index: 0, level: 0 });
    expect(names.every(({ index }) => index < count)).toBe(true);
  }
});
