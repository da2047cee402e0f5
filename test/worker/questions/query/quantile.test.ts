/** Quantiles: exact while there are few values, then within the stated error, however they are merged. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { MemoryBudget } from "../../../../worker/questions/query/table/distinct";
import { Extreme } from "../../../../worker/questions/query/table/extreme";
import { RELATIVE_ERROR } from "../../../../worker/questions/query/table/log-sketch";
import { EXACT_DIFFERENT, EXACT_VALUES, Quantile } from "../../../../worker/questions/query/table/quantile";

function quantileOf(values: readonly number[], q: number): number | null {
  if (!values.length) return null;
  const sorted = values.toSorted((a, b) => a - b);
  const at = q * (sorted.length - 1);
  const low = sorted[Math.floor(at)]!;
  return low + (sorted[Math.ceil(at)]! - low) * (at % 1);
}

function filled(values: readonly number[], q: number, room = new MemoryBudget()): Quantile {
  const quantile = new Quantile(room, q);
  for (const value of values) quantile.add(value);
  return quantile;
}

const shares = fc.constantFrom(0, 0.5, 0.95, 1);
const fewValues = fc.array(fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e9, max: 1e9 }), {
  maxLength: 60,
});

describe("a quantile", () => {
  it("of few values is exact, in one part or in several", () => {
    fc.assert(
      fc.property(fc.array(fewValues, { maxLength: 4 }), shares, (parts, q) => {
        const whole = filled([], q);
        for (const part of parts) whole.merge(filled(part, q));
        const wanted = quantileOf(parts.flat(), q);
        if (wanted === null) expect(whole.value()).toBeNull();
        else expect(whole.value()).toBeCloseTo(wanted, 3);
        expect(whole.approximate).toBe(false);
      }),
    );
  });

  it("of many values has an error of at most a hundredth, in any order and grouping", () => {
    const size = fc.double({ noNaN: true, min: -12, max: 12 }).map((power) => 10 ** power);
    const values = fc.array(fc.oneof(size, fc.constant(0)), {
      minLength: EXACT_VALUES + 1,
      maxLength: EXACT_VALUES * 2,
    });
    fc.assert(
      fc.property(
        values,
        fc.boolean(),
        fc.integer({ min: 1, max: 3000 }),
        shares,
        (positive, isNegative, cut, q) => {
          const all = isNegative ? positive.map((value) => -value) : positive;
          const whole = filled(all.slice(0, cut), q);
          whole.merge(filled(all.slice(cut), q));
          const wanted = quantileOf(all, q)!;
          expect(whole.approximate).toBe(new Set(all).size > EXACT_DIFFERENT);
          expect(Math.abs(whole.value()! - wanted)).toBeLessThanOrEqual(
            Math.abs(wanted) * (RELATIVE_ERROR + 1e-9),
          );
          const turned = filled(all.slice(cut), q);
          turned.merge(filled(all.slice(0, cut), q));
          expect(turned.value()).toBe(whole.value());
        },
      ),
      { numRuns: 60 },
    );
  });

  it("of many values with few distinct ones is exact", () => {
    const ratings = fc.array(fc.integer({ min: 1, max: 900 }), {
      minLength: EXACT_VALUES + 1,
      maxLength: 9000,
    });
    fc.assert(
      fc.property(ratings, fc.nat(6000), shares, (all, cut, q) => {
        const whole = filled(all.slice(0, cut), q);
        whole.merge(filled(all.slice(cut), q));
        expect(whole.approximate).toBe(false);
        expect(whole.value()).toBeCloseTo(quantileOf(all, q)!, 9);
      }),
      { numRuns: 40 },
    );
  });

  it("does not modify merged quantiles, and is finite at the limits of numbers", () => {
    const [low, high] = [filled([1, 2, 3], 0.5), filled(new Array(EXACT_VALUES + 1).fill(1.79e308), 0.5)];
    const before = low.value();
    high.merge(low);
    expect(low.value()).toBe(before);
    expect(Number.isFinite(high.value())).toBe(true);
  });

  it("uses no more memory than a request has", () => {
    const room = new MemoryBudget(4096);
    const many = Array.from({ length: 40 }, (_, i) =>
      filled(
        Array.from({ length: 300 }, (_, n) => n + i),
        0.5,
        room,
      ),
    );
    expect(many.at(-1)?.approximate).toBe(true);
    expect(many.at(-1)?.value()).toBeGreaterThan(188.5 * 0.99);
    expect(many.at(-1)?.value()).toBeLessThan(188.5 * 1.01);
  });
});

describe("an extreme", () => {
  it("is the minimum or maximum of all parts, and null without values", () => {
    fc.assert(
      fc.property(
        fc.array(fewValues, { maxLength: 4 }),
        fc.constantFrom("min" as const, "max" as const),
        (parts, take) => {
          const whole = new Extreme(take);
          for (const part of parts) {
            const one = new Extreme(take);
            for (const value of part) one.add(value);
            whole.merge(one);
          }
          const all = parts.flat();
          expect(whole.value()).toBe(all.length ? Math[take](...all) : null);
        },
      ),
    );
  });
});
