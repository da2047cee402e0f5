import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Condition } from "../../../../schema/wire/filter";
import { hashOf, PRECISION } from "../../../../worker/pipeline/rollup";
import { HashIndex } from "../../../../worker/questions/query/execute/lake/hash-index";
import { readCursor, writeCursor } from "../../../../worker/questions/query/lists/position";
import { testOf } from "../../../../worker/questions/query/parse/filter";
import { Distinct, MemoryBudget, saltOf } from "../../../../worker/questions/query/table/distinct";
import { HashSet } from "../../../../worker/questions/query/table/hash-set";

const hash = fc.integer({ min: 0, max: 2 ** 48 - 1 });

describe("conditions", () => {
  it.each<
    [Condition["op"], string | boolean | (string | null)[] | null, (string | null)[], (string | null)[]]
  >([
    ["eq", "a", ["a"], ["A", "", null]],
    ["eq", null, [null], ["", "null"]],
    ["neq", "a", ["b", null], ["a"]],
    ["neq", null, ["", "a"], [null]],
    ["in", ["a", null], ["a", null], ["b"]],
    ["contains", "b", ["abc"], ["ac", null]],
    ["starts_with", "a", ["abc"], ["ba", null]],
    ["is_set", true, ["", "a"], [null]],
    ["is_set", false, [null], [""]],
    ["gt", "9", ["10", "9.5"], ["9", "8", "x", "", null]],
    ["lt", "9", ["8", "-1"], ["9", "10", "x", "", null]],
    ["gt", "b", ["c", "ba"], ["a", "b", null]],
    ["matches", "/blog/*", ["/blog/", "/blog/a/b"], ["/blog", "x/blog/", null]],
    ["matches", "*.pdf", [".pdf", "a.pdf"], ["a.pdf?", "apdf"]],
    ["matches", "/a*b*c", ["/abc", "/axxbxxc"], ["/acb", "/ab"]],
    ["matches", "a*a", ["aa", "aba"], ["a"]],
    ["matches", "/a", ["/a"], ["/ab", "b/a"]],
  ])("%s %j", (op, value, passing, failing) => {
    const test = testOf({ dimension: "event:path", op, value });
    expect({ passing: passing.filter(test), failing: failing.filter(test) }).toEqual({
      passing,
      failing: [],
    });
  });
});

describe("sets of hashes", () => {
  it("equal a Set", () => {
    fc.assert(
      fc.property(fc.array(hash, { maxLength: 500 }), (hashes) => {
        const members = new HashSet();
        for (const one of hashes) members.add(one);
        expect([members.size, new Set(members)]).toEqual([new Set(hashes).size, new Set(hashes)]);
      }),
    );
  });

  it("equal a Map", () => {
    fc.assert(
      fc.property(fc.array(hash, { maxLength: 500 }), (hashes) => {
        const places = new HashIndex();
        for (const [place, one] of hashes.entries()) places.set(one, place);
        const expected = new Map(hashes.map((one, place) => [one, place]));
        for (const [one, place] of expected) expect(places.get(one)).toBe(place);
        expect(places.get(2 ** 47 + 12_345)).toBe(expected.get(2 ** 47 + 12_345) ?? -1);
      }),
    );
  });
});

describe("distinct counts", () => {
  it("count daily members once a day and lasting ones once", () => {
    const distinct = new Distinct(new MemoryBudget());
    for (const day of [0, 86_400_000]) {
      for (const name of ["a", "b", "a"]) distinct.addDaily(hashOf(name), saltOf(day));
      distinct.add(hashOf("ada"));
    }
    expect(distinct.count()).toBe(5);
    const more = new Distinct(new MemoryBudget());
    more.addDaily(hashOf("a"), saltOf(2 * 86_400_000));
    more.add(hashOf("ada"));
    more.add(hashOf("bob"));
    more.merge(distinct);
    expect(more.count()).toBe(1 + 4 + 2);
  });

  it("become sketches when memory is full", () => {
    const distinct = new Distinct(new MemoryBudget(100_000), PRECISION.fine);
    for (let i = 0; i < 100_000; i++) distinct.add(hashOf(`person ${i}`));
    expect(distinct.approximate).toBe(true);
    expect(Math.abs(distinct.count() - 100_000)).toBeLessThan(3000);
  });

  it("distinguish days", () => {
    const salts = Array.from({ length: 5000 }, (_, day) => saltOf(day * 86_400_000 - 5.5 * 3_600_000));
    expect(new Set(salts).size).toBe(salts.length);
    expect(salts.every((salt) => salt >= 0 && salt < 2 ** 48)).toBe(true);
  });
});

describe("cursors", () => {
  it("parse their own output, and refuse the rest", () => {
    fc.assert(
      fc.property(fc.integer(), fc.string(), (time, id) => {
        expect(readCursor(writeCursor({ time, id }))).toEqual({ time, id });
      }),
    );
    expect(readCursor(undefined)).toBeNull();
    for (const text of ["?", "e30", "WzFd"])
      expect(readCursor(text)).toMatchObject({ code: "cursor_invalid" });
  });
});
