import fc from "fast-check";
import { expect, test } from "vitest";
import { Lru } from "../../../worker/lib/lru";

test("evicts the least recently used entry", () => {
  const cache = new Lru<string, number>({ maxEntries: 2 });
  cache.set("a", 1);
  cache.set("b", 2);
  cache.get("a");
  cache.set("c", 3);
  expect([cache.get("a"), cache.get("b"), cache.get("c")]).toEqual([1, undefined, 3]);
});

test("stays within both limits and contains what was set last", () => {
  const operation = fc.tuple(fc.integer({ min: 0, max: 9 }), fc.string({ maxLength: 12 }));
  fc.assert(
    fc.property(fc.array(operation, { maxLength: 60 }), (operations) => {
      const cache = new Lru<number, string>({ maxEntries: 5, maxSize: 20, sizeOf: (text) => text.length });
      const truth = new Map<number, string>();
      for (const [key, text] of operations) {
        cache.set(key, text);
        truth.set(key, text);
        expect(cache.get(key)).toBe(text);
        expect(cache.size).toBeLessThanOrEqual(5);
        expect(cache.totalSize).toBeLessThanOrEqual(20);
      }
      let size = 0;
      for (const [key, text] of truth) {
        const cached = cache.get(key);
        expect([text, undefined]).toContain(cached);
        size += cached?.length ?? 0;
      }
      expect(cache.totalSize).toBe(size);
    }),
  );
});

test("creates a value once while it is cached", () => {
  const cache = new Lru<string, number>({ maxEntries: 1 });
  const created: string[] = [];
  const length = (key: string) => {
    created.push(key);
    return key.length;
  };
  expect(["", "", "abc", ""].map((key) => cache.getOrCreate(key, length))).toEqual([0, 0, 3, 0]);
  expect(created).toEqual(["", "abc", ""]);
});

test("evicts in the order of use after repeated reads of one key", () => {
  const cache = new Lru<string, number>({ maxEntries: 2 });
  cache.set("a", 1);
  cache.set("b", 2);
  for (const key of ["a", "a", "b", "b", "a"]) cache.get(key);
  cache.set("c", 3);
  expect([cache.get("a"), cache.get("b"), cache.get("c")]).toEqual([1, undefined, 3]);
});

test("does not store what exceeds the size limit alone", () => {
  const cache = new Lru<string, string>({ maxSize: 3, sizeOf: (text) => text.length });
  cache.set("a", "abc");
  cache.set("a", "abcd");
  expect([cache.get("a"), cache.totalSize]).toEqual([undefined, 0]);
});

test("expires entries by age, each with its own age where one is given", () => {
  const cache = new Lru<string, number>({ maxEntries: 9, maxAgeMs: 100 });
  cache.set("a", 1, { now: 0 });
  cache.set("b", 2, { now: 0, maxAgeMs: 10 });
  expect([cache.get("a", 99), cache.get("b", 10)]).toEqual([1, undefined]);
  expect(cache.get("a", 100)).toBeUndefined();
});

test("deletes what matches, and everything", () => {
  const cache = new Lru<string, number>({ maxEntries: 9 });
  cache.set("a", 1);
  cache.set("b", 2);
  cache.deleteWhere((value) => value === 1);
  expect([cache.get("a"), cache.get("b")]).toEqual([undefined, 2]);
  cache.clear();
  expect(cache.size).toBe(0);
});

test("loads once for concurrent calls and does not cache a failure", async () => {
  const cache = new Lru<string, number>({ maxEntries: 9 });
  let loads = 0;
  const load = () => cache.load("a", async () => ++loads);
  expect(await Promise.all([load(), load()])).toEqual([1, 1]);
  expect(await load()).toBe(1);
  const failing = () => cache.load("b", () => Promise.reject(new Error("down")));
  await expect(failing()).rejects.toThrow("down");
  expect(await cache.load("b", async () => 2)).toBe(2);
});
