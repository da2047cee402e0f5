import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { MAX_TEXTS, TextSet } from "../../../worker/lib/text-set";

describe("a set of texts", () => {
  it("equals a Set, whatever is added and whatever memory was reserved", () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ maxLength: 3 }), { maxLength: 400 }),
        fc.nat(50),
        (texts, expected) => {
          const set = new TextSet(expected);
          const plain = new Set<string>();
          for (const text of texts) {
            expect(set.add(text)).toBe(!plain.has(text));
            plain.add(text);
          }
          expect(set.size).toBe(plain.size);
        },
      ),
    );
  });

  it("distinguishes texts that differ in one character", () => {
    const set = new TextSet();
    for (let i = 0; i < 200_000; i++) expect(set.add(`order-${i}`)).toBe(true);
    for (let i = 0; i < 200_000; i += 1000) expect(set.add(`order-${i}`)).toBe(false);
  });

  it("holds 2.6 million texts in 24 MB, then throws", () => {
    const set = new TextSet(MAX_TEXTS);
    for (let i = 0; i < MAX_TEXTS; i++) set.add(String(i));
    expect(set.bytes).toBeLessThanOrEqual(24_000_000);
    expect(set.size).toBe(2_610_000);
    expect(() => set.add("another")).toThrow(RangeError);
  });
});
