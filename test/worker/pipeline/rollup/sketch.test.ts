import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { countOf, hashOf, PRECISION, Sketch } from "../../../../worker/pipeline/rollup";

const fill = (precision: 12 | 14, from: number, to: number) => {
  const sketch = new Sketch(precision);
  for (let i = from; i < to; i++) sketch.add(hashOf(`visitor-${i}`));
  return sketch;
};

describe("sketch", () => {
  it("is exact while small", () => {
    expect(fill(PRECISION.fine, 0, 2048).count()).toBe(2048);
    expect(fill(PRECISION.coarse, 0, 512).count()).toBe(512);
    expect(fill(PRECISION.fine, 0, 2048).approximate).toBe(false);
    expect(new Sketch(PRECISION.fine).encode()).toBe("");
  });

  it("stays within four standard errors above", () => {
    for (const size of [3_000, 10_000, 100_000, 1_000_000]) {
      const fine = fill(PRECISION.fine, 0, size).count();
      expect(Math.abs(fine - size) / size).toBeLessThan(4 * 0.0081);
      const coarse = fill(PRECISION.coarse, 0, size).count();
      expect(Math.abs(coarse - size) / size).toBeLessThan(4 * 0.01625);
    }
  });

  it("encodes canonically: order, batching and merging give the same text", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 1500 }), { maxLength: 1500 }),
        fc.integer({ min: 0, max: 1500 }),
        (members, cut) => {
          const hashes = members.map((m) => hashOf(String(m)));
          const whole = new Sketch(PRECISION.coarse);
          for (const hash of hashes) whole.add(hash);
          const left = new Sketch(PRECISION.coarse);
          const right = new Sketch(PRECISION.coarse);
          for (const hash of hashes.slice(cut).reverse()) left.add(hash);
          for (const hash of hashes.slice(0, cut)) right.add(hash);
          const merged = Sketch.decode(left.encode(), PRECISION.coarse).merge(
            Sketch.decode(right.encode(), PRECISION.coarse),
          );
          expect(merged.encode()).toBe(whole.encode());
          expect(countOf(whole.encode())).toBe(whole.count());
        },
      ),
      { numRuns: 60 },
    );
  });

  it("has no false negatives", () => {
    const sketch = fill(PRECISION.coarse, 0, 5000);
    for (let i = 0; i < 5000; i++) expect(sketch.has(hashOf(`visitor-${i}`))).toBe(true);
    expect(fill(PRECISION.coarse, 0, 10).has(hashOf("someone else"))).toBe(false);
  });

  it("counts the same after additions as a new sketch", () => {
    const grown = fill(PRECISION.coarse, 0, 1_000);
    for (let i = 1_000; i < 3_000; i += 100) {
      grown.count();
      grown.merge(fill(PRECISION.coarse, i, i + 100));
      expect(grown.count()).toBe(countOf(grown.encode()));
    }
    const copied = new Sketch(PRECISION.coarse).merge(grown).merge(fill(PRECISION.coarse, 5_000, 5_400));
    expect(copied.count()).toBe(countOf(copied.encode()));
    copied.absorb(fill(PRECISION.coarse, 9_000, 10_000).encode());
    expect(copied.count()).toBe(countOf(copied.encode()));
    expect(grown.count()).toBe(countOf(grown.encode()));
  });
});
