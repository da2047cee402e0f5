/** Conversion of results to plots, tables and CSV files. */
import { describe, expect, it } from "vitest";
import { conditionsOf, joined, parseQueryState, querySearch } from "../../app/src/query-state";
import { brief, full } from "../../app/src/ui/write";
import { namingOf } from "../../app/src/views/dashboards/naming";
import { isEmpty, partsOf, tableOf, timesOf, totalOf } from "../../app/src/views/dashboards/shape";
import { csvOf, nextOrder, sorted } from "../../app/src/views/dashboards/sorting";
import type { QueryResult } from "../../schema/wire/query";

const DAY = 86_400_000;
const MONDAY = Date.UTC(2026, 10, 16);
const meta = {
  source: "rollup",
  complete_until: null,
  rows_scanned: 0,
  bytes_scanned: 0,
  approximate: false,
  elapsed_ms: 0,
} as const;
const naming = namingOf(undefined, []);

const overTime: QueryResult = {
  columns: [
    { name: "time:day", type: "time" },
    { name: "visit:channel", type: "string" },
    { name: "visitors", type: "number", unit: "count" },
    { name: "previous:visitors", type: "number", unit: "count" },
  ],
  rows: [
    [MONDAY, "Direct", 3, 4],
    [MONDAY, "Search", 10, null],
    [MONDAY + DAY, "Direct", null, 1],
    [MONDAY + DAY, "Search", 20, 5],
    [MONDAY + 2 * DAY, "Search", 0, 5],
  ],
  totals: { visitors: 30, "previous:visitors": 12 },
  meta,
};

describe("a time series", () => {
  const times = timesOf(overTime, naming, "en", { timezone: "UTC", now: MONDAY + DAY + 1 });

  it("has one series per value, largest first, without buckets in the future", () => {
    expect(times?.starts).toEqual([MONDAY, MONDAY + DAY]);
    expect(times?.open).toBe(true);
    expect(times?.series.map(({ label, values }) => [label, values])).toEqual([
      ["Search", [10, 20]],
      ["Direct", [3, null]],
    ]);
  });

  it("does not convert null to 0", () => {
    expect(times?.series[1]?.values[1]).toBeNull();
    expect(times?.series[0]?.previous).toEqual([null, 5]);
  });

  it("has one series per metric", () => {
    const two: QueryResult = {
      ...overTime,
      columns: [
        { name: "time:day", type: "time" },
        { name: "sessions", type: "number", unit: "count" },
        { name: "bounce_rate", type: "number", unit: "ratio" },
      ],
      rows: [[MONDAY, 5, 0.5]],
    };
    const series = timesOf(two, naming, "en", { timezone: "UTC", now: MONDAY })?.series;
    expect(series?.map(({ label, measure }) => [label, measure.unit])).toEqual([
      ["Sessions", "count"],
      ["Bounce rate", "ratio"],
    ]);
  });
});

const parts: QueryResult = {
  columns: [
    { name: "visit:country", type: "string" },
    { name: "sessions", type: "number", unit: "count" },
    { name: "previous:sessions", type: "number", unit: "count" },
  ],
  rows: [
    ["DE", 30, 20],
    [null, 10, 0],
    ["=SUM(A1)", 5, 10],
  ],
  totals: { sessions: 60, "previous:sessions": 30 },
  meta,
};

describe("parts of a total", () => {
  it("have shares of the total, which includes rows that are not shown", () => {
    const found = partsOf(parts, naming, "en");
    expect(found.parts.map(({ label, share }) => [label, share])).toEqual([
      ["Germany", 0.5],
      ["Unknown", 10 / 60],
      ["=SUM(A1)", 5 / 60],
    ]);
  });

  it("of a ratio have no shares", () => {
    const ratio: QueryResult = {
      ...parts,
      columns: [
        { name: "visit:country", type: "string" },
        { name: "bounce_rate", type: "number", unit: "ratio" },
      ],
      rows: [["DE", 0.5]],
      totals: { bounce_rate: 0.4 },
    };
    expect(partsOf(ratio, naming, "en").parts[0]?.share).toBeNull();
  });

  it("a result without rows or without values is empty", () => {
    expect(isEmpty({ ...parts, rows: [] })).toBe(true);
    expect(isEmpty({ ...parts, rows: [["DE", 0, null]] })).toBe(true);
    expect(isEmpty(parts)).toBe(false);
  });
});

describe("a number widget", () => {
  it("shows the result's total, else its only row", () => {
    expect(totalOf(overTime, naming)).toMatchObject({ value: 30, previous: 12 });
    const single: QueryResult = {
      ...parts,
      columns: [{ name: "sessions", type: "number" }],
      rows: [[7]],
      totals: undefined,
    };
    expect(totalOf(single, naming).value).toBe(7);
  });
});

describe("a table widget", () => {
  const table = tableOf(parts, naming);

  it("shows changes of compared values", () => {
    expect(table.columns.map(({ label }) => label)).toEqual(["Country", "Sessions", "Change"]);
    expect(table.lines.map(({ cells }) => cells[2])).toEqual([0.5, null, -0.5]);
    expect(table.totals).toEqual([null, 60, 1]);
  });

  it("sorts missing values last in both directions; a third press restores the original order", () => {
    const first = nextOrder(undefined, 2, true);
    expect(sorted(table.lines, first, "en").map(({ cells }) => cells[2])).toEqual([0.5, -0.5, null]);
    const second = nextOrder(first, 2, true);
    expect(sorted(table.lines, second, "en").map(({ cells }) => cells[2])).toEqual([-0.5, 0.5, null]);
    expect(nextOrder(second, 2, true)).toBeUndefined();
  });

  it("exports CSV with API names, quotes, and without formulas that a spreadsheet would run", () => {
    expect(csvOf(table, table.lines)).toBe(
      "visit:country,sessions,previous:sessions\r\nDE,30,20\r\n,10,0\r\n'=SUM(A1),5,10\r\n",
    );
    const time = tableOf(overTime, naming);
    expect(csvOf(time, time.lines.slice(0, 1))).toContain("2026-11-16T00:00:00.000Z,Direct,3,4");
  });
});

describe("formatted values", () => {
  it("depend on the unit: money, share or quotient", () => {
    expect(full(1234.5, { unit: "currency:EUR", decimal: false }, "en")).toBe("€1,234.50");
    expect(brief(0.25, { unit: "ratio", decimal: false }, "en")).toBe("25%");
    expect(brief(2.5, { unit: "ratio", decimal: true }, "en")).toBe("2.5");
    expect(full(null, { unit: "count", decimal: false }, "en")).toBe("–");
  });
});

describe("the current view", () => {
  it("is restored from the URL, which does not contain the dashboard's own settings", () => {
    const search = "?range=24h&compare=none&f=eq,visit:country,DE";
    expect(querySearch(parseQueryState(search))).toBe(search);
    expect(querySearch(parseQueryState("?range=never&edit"))).toBe("");
  });

  it("combines filters and determines which can be shown as chips", () => {
    const de = { dimension: "visit:country", op: "eq", value: "DE" } as const;
    expect(joined(undefined, de)).toEqual(de);
    expect(conditionsOf(joined(de, { and: [de] }))).toEqual([de, de]);
    expect(conditionsOf({ or: [de] })).toBeNull();
  });
});
