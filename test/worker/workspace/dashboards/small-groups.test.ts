import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { QueryResult } from "../../../../schema/wire/query";
import { fewest, foldSmall, hideSmall } from "../../../../worker/workspace/dashboards/small-groups";

const meta: QueryResult["meta"] = {
  ...{
    source: "rollup",
    complete_until: 0,
    rows_scanned: 0,
    bytes_scanned: 0,
    approximate: false,
    elapsed_ms: 0,
  },
};

/** A breakdown by country of a number of people, each with two page views. */
function breakdown(groups: readonly (readonly [country: string, people: number])[]) {
  const column = { name: "visit:country", type: "string" } as const;
  const counted = (name: string, times: number): QueryResult => ({
    columns: [column, { name, type: "number" }],
    rows: groups.map(([country, people]) => [country, people * times]),
    totals: { [name]: groups.reduce((sum, [, people]) => sum + people * times, 0) },
    meta,
  });
  return { result: counted("pageviews", 2), people: counted("visitors", 1) };
}

const fold = (groups: readonly (readonly [string, number])[], given: object = {}) =>
  foldSmall({ ...breakdown(groups), limit: 100, isAdditive: () => true, isComplete: true, ...given });

describe("a breakdown", () => {
  it("folds groups of fewer than 5 into (other)", () => {
    const groups = [
      ["DE", 10],
      ["FR", 6],
      ["IT", 3],
      ["ES", 2],
    ] as const;
    expect(fold(groups).rows).toEqual([
      ["DE", 20],
      ["FR", 12],
      ["(other)", 10],
    ]);
    expect(fold(groups, { isAdditive: () => false }).rows.at(-1)).toEqual(["(other)", null]);
  });

  it("adds the next smallest group when (other) would be small itself", () => {
    expect(
      fold([
        ["DE", 10],
        ["FR", 6],
        ["IT", 3],
      ]).rows,
    ).toEqual([
      ["DE", 20],
      ["(other)", 18],
    ]);
    const all = fold([
      ["DE", 3],
      ["FR", 1],
    ]);
    expect([all.rows, all.totals]).toEqual([[], undefined]);
  });

  it("has totals only if they reveal nothing beyond the rows", () => {
    expect(fold([["DE", 10]]).totals).toEqual({ pageviews: 20 });
    expect(fold([["DE", 10]], { isComplete: false }).totals).toBeUndefined();
  });

  it("has as many groups as requested, and (other)", () => {
    const groups = [
      ["DE", 10],
      ["FR", 6],
      ["IT", 4],
      ["ES", 4],
    ] as const;
    expect(fold(groups, { limit: 1 }).rows).toEqual([
      ["DE", 20],
      ["(other)", 16],
    ]);
  });

  it("never has a row, nor a difference of total and rows, of 1 to 4 people", () => {
    const groups = fc.uniqueArray(fc.tuple(fc.string({ minLength: 1, maxLength: 3 }), fc.nat(12)), {
      selector: ([name]) => name,
    });
    fc.assert(
      fc.property(groups, (all) => {
        const { rows, totals } = fold(all);
        const peopleOf = new Map(all);
        let shown = 0;
        for (const [name, views] of rows) {
          const people = Number(views) / 2;
          expect(people).toBeGreaterThanOrEqual(5);
          if (name !== "(other)") expect(people).toBe(peopleOf.get(String(name)));
          shown += people;
        }
        const left = all.reduce((sum, [, people]) => sum + people, 0) - shown;
        if (totals) expect(left).toBe(0);
        else expect(left).toBeLessThan(5);
      }),
    );
  });
});

describe("over time", () => {
  const columns: QueryResult["columns"] = [
    { name: "time:day", type: "time" },
    { name: "visit:country", type: "string" },
    { name: "pageviews", type: "number" },
  ];
  const days = (rows: QueryResult["rows"]): QueryResult => ({
    columns,
    rows,
    totals: { pageviews: 99 },
    meta,
  });

  it("a group that is small on a day has no number there, nor does an empty group", () => {
    const people = days([
      [1, "DE", 9],
      [1, "FR", 2],
      [1, "IT", 3],
      [2, "DE", 6],
      [2, "FR", 5],
      [2, "IT", 0],
    ]);
    const result = days([
      [1, "DE", 18],
      [1, "FR", 4],
      [1, "IT", 6],
      [2, "DE", 12],
      [2, "FR", 10],
      [2, "IT", 0],
    ]);
    const folded = foldSmall({ result, people, limit: 9, isAdditive: () => true, isComplete: true });
    expect(folded.rows).toEqual([
      [1, "DE", 18],
      [1, "FR", null],
      [1, "(other)", 10],
      [2, "DE", 12],
      [2, "FR", 10],
      [2, "(other)", null],
    ]);
  });

  it("a filtered line hides its small days, and then its total", () => {
    const line = (values: number[]): QueryResult => ({
      columns: [
        { name: "time:day", type: "time" },
        { name: "visitors", type: "number" },
      ],
      rows: values.map((value, day) => [day, value]),
      totals: { visitors: 9 },
      meta,
    });
    const small = hideSmall({ result: line([5, 3, 0]), people: line([5, 3, 0]), shows: "rows" });
    expect([small.rows, small.totals]).toEqual([
      [
        [0, 5],
        [1, null],
        [2, 0],
      ],
      undefined,
    ]);
    const number = hideSmall({ result: line([5, 3]), people: line([5, 3]), shows: "totals" });
    expect([number.rows, number.totals]).toEqual([[], { visitors: 9 }]);
    expect(hideSmall({ result: line([5, 0]), people: line([5, 0]), shows: "rows" }).totals).toEqual({
      visitors: 9,
    });
  });
});

it("of several groups behind a result the smallest counts", () => {
  const one = breakdown([
    ["DE", 10],
    ["FR", 3],
  ]).people;
  const other = breakdown([
    ["DE", 4],
    ["IT", 6],
    ["FR", 0],
  ]).people;
  const { rows, totals } = fewest([one, other]);
  expect([rows, totals]).toEqual([
    [
      ["DE", 4],
      ["FR", 3],
      ["IT", 6],
    ],
    { visitors: 10 },
  ]);
});
