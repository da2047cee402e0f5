import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  COMPARISONS,
  conditionFor,
  GRAINS,
  parseFilter,
  RANGES,
  withFilter,
} from "../../app/src/query-state";
import { CARD_NAMES, CARDS } from "../../app/src/views/explore/cards";
import { dataSearch } from "../../app/src/views/explore/data";
import { METRIC_NAMES } from "../../app/src/views/explore/metrics";
import { type ExploreState, parseState, stateSearch } from "../../app/src/views/explore/state";

const keys = <T extends object>(of: T) => fc.constantFrom(...(Object.keys(of) as Extract<keyof T, string>[]));
const value = fc.string({ minLength: 1, unit: "grapheme" });
const filter = fc.tuple(fc.constantFrom("event:path", "visit:source", "property:plan"), value, fc.boolean());
const state: fc.Arbitrary<ExploreState> = fc.record({
  range: fc.oneof(keys(RANGES), fc.constant({ from: "2026-03-29", to: "2026-04-02T10:00:00.000Z" })),
  compare: keys(COMPARISONS),
  grain: fc.option(keys(GRAINS)),
  metric: fc.constantFrom(...METRIC_NAMES),
  filters: fc.array(
    filter.map(([dimension, text, not]) => conditionFor(dimension, text, not)),
    { maxLength: 4 },
  ),
  tabs: fc.constantFrom(...CARD_NAMES).map((card) => ({ [card]: CARDS[card].tabs.at(-1)?.name })),
});

describe("the state in the URL", () => {
  it("is restored unchanged", () => {
    fc.assert(
      fc.property(state, (given) => {
        const search = stateSearch(given);
        expect(stateSearch(parseState(search))).toBe(search);
        expect(parseState(search)).toMatchObject({ ...given, tabs: expect.anything() });
      }),
    );
  });

  it("is empty by default", () => {
    expect(stateSearch(parseState(""))).toBe("");
  });

  it("parses any query string", () => {
    fc.assert(
      fc.property(
        fc.string(),
        (text) => void parseState(`?f=${text}&range=${text}&pages=${text}&grain=__proto__`),
      ),
    );
  });

  it("makes the same queries for another metric", () => {
    expect(dataSearch("?metric=events&range=30d")).toBe(dataSearch("?range=30d"));
  });
});

describe("filters", () => {
  it("keep commas in values and distinguish null from the text null", () => {
    expect(parseFilter("eq,event:path,/a,b")).toEqual({ op: "eq", dimension: "event:path", value: "/a,b" });
    expect(conditionFor("visit:source", null)).toEqual({
      op: "is_set",
      dimension: "visit:source",
      value: false,
    });
    expect(parseFilter("gt,event:path,1")).toBeNull();
  });

  it("'only' replaces conditions of the dimension, and conditions are not duplicated", () => {
    const google = conditionFor("visit:source", "Google");
    const page = conditionFor("event:path", "/");
    const bing = conditionFor("visit:source", "Bing");
    expect(withFilter([google, page], bing, true)).toEqual([page, bing]);
    expect(withFilter([google, page], google, false)).toEqual([page, google]);
  });
});
