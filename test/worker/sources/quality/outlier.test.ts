import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { deviation, median } from "../../../../worker/sources/quality/outlier";

const numbers = (minLength: number) =>
  fc.array(fc.double({ min: 0.001, max: 1e9, noNaN: true }), { minLength, maxLength: 40 });
const value = fc.double({ min: 0.001, max: 1e9, noNaN: true });
const close = (a: number, b: number) => Math.abs(a - b) <= 1e-6 * Math.max(1, Math.abs(a), Math.abs(b));

describe("the distance of a number from others", () => {
  test("does not depend on order, offset or scale", () => {
    fc.assert(
      fc.property(numbers(7), value, fc.double({ min: 0.01, max: 100, noNaN: true }), (points, x, factor) => {
        const plain = deviation(x, points) ?? Number.NaN;
        expect(close(deviation(x, points.toReversed()) ?? Number.NaN, plain)).toBe(true);
        const scaled = points.map((point) => point * factor);
        expect(close(deviation(x * factor, scaled) ?? Number.NaN, plain)).toBe(true);
      }),
    );
  });

  test("is nothing at the median and grows away from it", () => {
    fc.assert(
      fc.property(numbers(7), value, value, (points, a, b) => {
        expect(deviation(median(points), points)).toBe(0);
        const [low, high] = [Math.min(a, b), Math.max(a, b)];
        expect(deviation(low, points)).toBeLessThanOrEqual(deviation(high, points) ?? 0);
      }),
    );
  });

  test("is not hidden by a minority of wrong numbers, however wrong", () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 90, max: 110, noNaN: true }), { minLength: 9, maxLength: 20 }),
        fc.double({ min: -1e9, max: 1e9, noNaN: true }),
        (points, wrong) => {
          const spoiled = points.map((point, i) => (i % 4 === 3 ? wrong : point));
          expect(deviation(20, spoiled)).toBeLessThan(-2);
          expect(deviation(180, spoiled)).toBeGreaterThan(2);
        },
      ),
    );
  });

  test("is undefined for fewer than seven points, and for constant ones allows a relative change", () => {
    fc.assert(
      fc.property(fc.array(value, { maxLength: 6 }), value, (points, x) => deviation(x, points) === null),
    );
    const constant = Array.from({ length: 8 }, () => 100);
    expect(deviation(105, constant)).toBeCloseTo(1);
    expect(deviation(100, constant)).toBe(0);
    const none = Array.from({ length: 8 }, () => 0);
    expect([deviation(0, none), deviation(1, none)]).toEqual([0, Number.POSITIVE_INFINITY]);
  });
});
