/**
 * The contract of every interface for defined metrics: the same rules give the same columns, rows and totals, including
 * null and units.
 * @module
 */
import { beforeAll, describe, expect, it } from "vitest";
import type { MetricRule } from "../../schema/wire/metric";
import type { Query, QueryResult } from "../../schema/wire/query";
import { DAY_MS, HOUR_MS } from "../../worker/lib/time";
import { makeRow } from "../support/make-row";
import { pushRows } from "../support/query-data";

/** Definitions by name, and one query of them. `kind`: the widget that shows the result. */
export interface Case {
  name: string;
  query: Query;
  kind: "table" | "line";
  /** Rows of the result; start times of buckets are left out. */
  rows: QueryResult["rows"];
  totals: QueryResult["totals"];
}

/** One interface: a project with events, the rules and a query in, the result out. */
export interface Way {
  name: string;
  /** Stores the rules, if the interface does not send them itself. Called once. */
  define?: (rules: Readonly<Record<string, MetricRule>>) => Promise<void>;
  ask: (
    one: Case,
    rules: Readonly<Record<string, MetricRule>>,
  ) => Promise<Pick<QueryResult, "columns" | "rows" | "totals">>;
}

const PURCHASE = { dimension: "event:name", op: "eq", value: "purchase" } as const;
const of = (rule: Omit<Extract<MetricRule, { kind: "aggregate" }>, "kind" | "dataset">): MetricRule => ({
  kind: "aggregate",
  dataset: "events",
  ...rule,
});
const formula = (text: string): MetricRule => ({ kind: "formula", formula: text });
const AMOUNT = { field: "property:amount", unit: "currency:EUR", filters: PURCHASE } as const;

const RULES: Readonly<Record<string, MetricRule>> = {
  orders: of({ aggregation: "count", filters: PURCHASE }),
  buyers: of({ aggregation: "unique", field: "visitor", filters: PURCHASE }),
  revenue: of({ aggregation: "sum", ...AMOUNT }),
  order_value: of({ aggregation: "average", ...AMOUNT }),
  middle_order: of({ aggregation: "median", ...AMOUNT }),
  largest_order: of({ aggregation: "max", ...AMOUNT }),
  order_rate: formula("orders / events.visitors"),
  per_order: formula("revenue / orders"),
  spread: formula("largest_order / middle_order - 1"),
  filled: formula("coalesce(per_order, 0)"),
  events_per_session: formula("events.events / sessions.sessions"),
};

const metrics = (...names: string[]) => names.map((name) => `metric:${name}`);

const CASES: Case[] = [
  {
    name: "aggregations of a field",
    kind: "table",
    query: {
      metrics: metrics("orders", "buyers", "revenue", "order_value", "middle_order", "largest_order"),
      dimensions: ["event:path"],
      range: "7d",
    },
    rows: [
      ["/a", 3, 2, 60, 20, 10, 40],
      ["/b", 1, 1, 5, 5, 5, 5],
    ],
    totals: {
      "metric:orders": 4,
      "metric:buyers": 3,
      "metric:revenue": 65,
      "metric:order_value": 65 / 4,
      "metric:middle_order": 10,
      "metric:largest_order": 40,
    },
  },
  {
    name: "formulas by line: ratios of sums, none where nothing was",
    kind: "table",
    query: {
      dataset: "events",
      metrics: [...metrics("per_order", "filled", "order_rate", "spread"), "events"],
      dimensions: ["event:path"],
      range: "7d",
      order_by: [{ name: "events", direction: "desc" }],
    },
    rows: [
      ["/a", 20, 20, 1, 3, 4],
      ["/c", null, 0, 0, null, 2],
      ["/b", 5, 5, 1, 0, 1],
    ],
    totals: {
      "metric:per_order": 65 / 4,
      "metric:filled": 65 / 4,
      "metric:order_rate": 4 / 5,
      "metric:spread": 3,
      events: 7,
    },
  },
  {
    name: "formulas by day",
    kind: "line",
    query: { metrics: metrics("per_order", "filled"), range: "7d", granularity: "day" },
    rows: [
      [null, 0],
      [null, 0],
      [null, 0],
      [20, 20],
      [null, 0],
      [null, 0],
      [5, 5],
    ],
    totals: { "metric:per_order": 65 / 4, "metric:filled": 65 / 4 },
  },
  {
    name: "formulas across datasets, filtered",
    kind: "table",
    query: {
      metrics: metrics("events_per_session"),
      dimensions: ["visit:country"],
      filters: { dimension: "visit:country", op: "neq", value: "FR" },
      range: "7d",
    },
    rows: [["DE", 6 / 4]],
    totals: { "metric:events_per_session": 6 / 4 },
  },
];

/** Runs the contract. `setting` returns the project and is called before the interfaces are used. */
export function describeWays(
  setting: () => Promise<{ project: string; ways: Way[] }>,
  names: string[],
): void {
  const now = Date.now();
  let ways: Way[];

  beforeAll(async () => {
    const made = await setting();
    await pushRows(rowsOf(made.project, now), now);
    ways = made.ways;
    for (const { define } of ways) await define?.(RULES);
  });

  describe.each(CASES)("$name", (one) => {
    it.each(names)("asked by %s", async (name) => {
      const way = ways.find((candidate) => candidate.name === name);
      if (!way) throw new Error(`no way ${name}`);
      const found = await way.ask(one, RULES);
      const places = found.columns.flatMap(({ type }, i) => (type === "time" ? [] : [i]));
      expect(found.rows.map((row) => places.map((i) => row[i]))).toEqual(one.rows);
      expect(found.totals).toEqual(one.totals);
      expect(found.columns.filter(({ type }) => type === "number").map((column) => column.unit)).toEqual(
        one.query.metrics.map((metric) => UNITS[metric] ?? "count"),
      );
    });
  });
}

const UNITS: Readonly<Record<string, string>> = {
  "metric:revenue": "currency:EUR",
  "metric:order_value": "currency:EUR",
  "metric:middle_order": "currency:EUR",
  "metric:largest_order": "currency:EUR",
  "metric:per_order": "currency:EUR",
  "metric:filled": "currency:EUR",
  "metric:order_rate": "ratio",
  "metric:spread": "ratio",
  "metric:events_per_session": "ratio",
};

/** Today and three days ago, in UTC. */
function rowsOf(project: string, now: number) {
  const today = Math.floor(now / DAY_MS) * DAY_MS;
  const row = (
    id: string,
    day: number,
    visitor: string,
    path: string,
    amount: number | null,
    country = "DE",
  ) =>
    makeRow({
      project_id: project,
      event_id: id,
      timestamp: day === 0 ? Math.min(now - 1, today + HOUR_MS) : today - day * DAY_MS + HOUR_MS,
      visitor_id: visitor,
      distinct_id: visitor,
      event_name: amount === null ? "page_view" : "purchase",
      properties: amount === null ? null : JSON.stringify({ amount }),
      path,
      country,
    });
  return [
    row("1", 3, "ada", "/a", 10),
    row("2", 3, "ada", "/a", 10),
    row("3", 3, "ben", "/a", 40),
    row("4", 3, "cem", "/a", null),
    row("5", 0, "dot", "/b", 5),
    row("6", 0, "dot", "/c", null),
    row("7", 0, "eve", "/c", null, "FR"),
  ];
}
