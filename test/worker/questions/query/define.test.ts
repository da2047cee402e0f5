/** Queries of defined metrics: order, null, units, what is read, what is refused. */
import { env } from "cloudflare:workers";
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import type { Filter } from "../../../../schema/wire/filter";
import { AGGREGATIONS, type MetricRule } from "../../../../schema/wire/metric";
import type { Query } from "../../../../schema/wire/query";
import type { EventRow } from "../../../../schema/wire/row";
import { DAY_MS, HOUR_MS } from "../../../../worker/lib/time";
import { encodePacked, writeRows } from "../../../../worker/pipeline/rollup";
import { answer } from "../../../../worker/questions/query";
import { countingBucket } from "../../../support/counting-bucket";
import { LAKE } from "../../../support/lake";
import { makeRow } from "../../../support/make-row";
import { addProject } from "../../../support/pipeline";
import { makeDataset } from "../../../support/query-data";
import { aggregate, ask, asker, formula, NOW, stores } from "./defined";

async function refused(query: Query) {
  const { found } = await answer(stores, asker("nobody"), { found: query });
  if (!("code" in found)) throw new Error("was answered");
  return { detail: found.detail, path: found.errors?.[0]?.path, code: found.code };
}

describe("a result", () => {
  const project = "shop";
  const at = (days: number, more: Partial<EventRow>, i: number) =>
    makeRow({ event_id: `s${i}`, timestamp: NOW - days * DAY_MS - HOUR_MS, visitor_id: `v${i}`, ...more });
  const buys = (amount: number) => ({ event_name: "purchase", properties: JSON.stringify({ amount }) });
  const rows = [
    at(0, { path: "/a" }, 1),
    at(0, { path: "/a", ...buys(10) }, 2),
    at(0, { path: "/b" }, 3),
    at(2, { path: "/b", ...buys(40) }, 4),
    at(2, { path: "/b", ...buys(20) }, 5),
    at(2, { path: "/c" }, 6),
    at(9, { path: "/a", ...buys(7) }, 7),
  ];
  const PURCHASE = { dimension: "event:name", op: "eq", value: "purchase" } as const;
  const define: Record<string, MetricRule> = {
    revenue: aggregate({
      aggregation: "sum",
      field: "property:amount",
      unit: "currency:EUR",
      filters: PURCHASE,
    }),
    orders: aggregate({ aggregation: "count", filters: PURCHASE }),
    value: formula("revenue / orders"),
    conversion: formula("orders / events.events"),
    zero: formula("coalesce(value, 0)"),
  };
  const base: Query = { metrics: ["metric:value"], define, range: "7d" };
  beforeAll(() => makeDataset(project, rows, { now: NOW }));

  it("distinguishes null from 0 in every bucket", async () => {
    const metrics = ["metric:value", "metric:revenue", "metric:zero"];
    const query: Query = { ...base, metrics, granularity: "day" };
    const { rows: found, columns } = await ask(project, query);
    expect(columns.map(({ unit }) => unit)).toEqual([
      undefined,
      "currency:EUR",
      "currency:EUR",
      "currency:EUR",
    ]);
    expect(found.map(([, ...numbers]) => numbers)).toEqual([
      [null, 0, 0],
      [null, 0, 0],
      [null, 0, 0],
      [null, 0, 0],
      [30, 60, 30],
      [null, 0, 0],
      [10, 10, 10],
    ]);
  });

  it("has lines without a value too, last", async () => {
    const least = aggregate({ aggregation: "min", field: "property:amount" });
    const query: Query = {
      ...base,
      metrics: ["metric:least"],
      define: { least },
      dimensions: ["event:path"],
    };
    expect((await ask(project, query)).rows).toEqual([
      ["/b", 20],
      ["/a", 10],
      ["/c", null],
    ]);
  });

  it("is ordered and cut after joining the lines", async () => {
    const query: Query = {
      ...base,
      dataset: "events",
      metrics: ["metric:conversion", "events"],
      dimensions: ["event:path"],
      limit: 2,
    };
    const { rows: found, totals, columns } = await ask(project, query);
    expect(columns.map(({ name, unit }) => [name, unit])).toEqual([
      ["event:path", undefined],
      ["metric:conversion", "ratio"],
      ["events", "count"],
    ]);
    expect(found).toEqual([
      ["/b", 2 / 3, 3],
      ["/a", 1 / 2, 2],
    ]);
    expect(totals).toEqual({ "metric:conversion": 1 / 2, events: 6 });
    const ascending = await ask(project, {
      ...query,
      order_by: [{ name: "metric:conversion", direction: "asc" }],
    });
    expect(ascending.rows.map(([path]) => path)).toEqual(["/c", "/a"]);
  });

  it("has the compared range beside it", async () => {
    const query: Query = { ...base, dimensions: ["event:path"], compare: "previous" };
    const { rows: found, totals } = await ask(project, query);
    expect(found).toEqual([
      ["/b", 30, null],
      ["/a", 10, 7],
    ]);
    expect(totals).toEqual({ "metric:value": 70 / 3, "previous:metric:value": 7 });
  });

  it("counts rows with a filter that rollups have from rollups only", async () => {
    const { meta, rows: found } = await ask(project, {
      ...base,
      metrics: ["metric:conversion"],
      granularity: "day",
    });
    expect(meta.source).toBe("rollup");
    expect(found.at(-1)?.[1]).toBe(1 / 3);
  });

  it("reads shared metrics once", async () => {
    // Ranges that no other test uses: results of past ranges are cached.
    const one = countingBucket(LAKE);
    await ask(project, { ...base, metrics: ["metric:revenue"], range: { from: "2026-03-10" } }, one.bucket);
    const many = countingBucket(LAKE);
    const metrics = ["metric:revenue", "metric:value", "metric:zero", "metric:orders"];
    await ask(project, { ...base, metrics, range: { from: "2026-03-09" } }, many.bucket);
    expect(many.counts.gets).toBe(one.counts.gets);
    expect(one.counts.gets).toBeGreaterThan(0);
  });

  it.each<[string, Partial<Query>, object]>([
    [
      "an unknown metric",
      { metrics: ["metric:valeu"] },
      { code: "unknown_name", path: "metrics.0", detail: expect.stringContaining("did you mean") },
    ],
    [
      "an unknown name in a formula",
      { define: { value: formula("1 + visitors") } },
      {
        code: "unknown_name",
        path: "define.value.formula",
        detail: expect.stringContaining("(characters 5–12)"),
      },
    ],
    [
      "unlike currencies",
      {
        define: {
          ...define,
          dollars: aggregate({ aggregation: "sum", field: "property:usd", unit: "currency:USD" }),
          value: formula("revenue + dollars"),
        },
      },
      { code: "definition_invalid", path: "define.value.formula" },
    ],
    [
      "a circle",
      { define: { value: formula("other"), other: formula("1 + value") } },
      {
        code: "definition_invalid",
        path: "define.other.formula",
        detail: expect.stringContaining("value → other → value (characters 5–9)"),
      },
    ],
    [
      "a field that is missing",
      { define: { value: aggregate({ aggregation: "sum" }) } },
      { path: "define.value.field" },
    ],
    [
      "an unknown field",
      { define: { value: aggregate({ aggregation: "sum", field: "event:nmae" }) } },
      {
        path: "define.value.field",
        code: "unknown_name",
        detail: expect.stringContaining("event:name"),
      },
    ],
    [
      "many values of a session",
      {
        define: {
          value: {
            ...aggregate({ aggregation: "unique", field: "event:path" }),
            dataset: "sessions",
          } as MetricRule,
        },
      },
      { path: "define.value.field" },
    ],
    [
      "a wrong filter of a rule",
      {
        define: {
          value: aggregate({ aggregation: "count", filters: { dimension: "event:nmae", op: "is_set" } }),
        },
      },
      { path: "define.value.filters.dimension", code: "unknown_name" },
    ],
    [
      "a wrong filter of the query",
      { filters: { dimension: "event:nmae", op: "is_set" } },
      { path: "filters.dimension" },
    ],
    [
      "a dimension that a dataset lacks",
      {
        metrics: ["metric:value", "metric:pace"],
        define: { ...define, pace: formula("sessions.sessions / 2") },
        dimensions: ["event:path"],
      },
      {
        code: "dimension_not_groupable",
        path: "dimensions.0",
        detail: expect.stringContaining("`sessions` is computed from `sessions`"),
      },
    ],
    [
      "what counts nothing",
      { define: { value: formula("2 * 21") } },
      { code: "metric_has_no_data", path: "metrics" },
    ],
    [
      "too many differently filtered counts",
      {
        metrics: ["metric:value"],
        define: {
          value: formula(Array.from({ length: 21 }, (_, i) => `m${i}`).join("+")),
          ...Object.fromEntries(
            Array.from({ length: 21 }, (_, i) => {
              const filters = { dimension: "event:path", op: "eq", value: `/${i}` } as const;
              return [`m${i}`, aggregate({ aggregation: "count", filters })];
            }),
          ),
        },
      },
      {
        code: "too_many_parts",
        path: "metrics",
        detail: expect.stringContaining("21 combinations"),
      },
    ],
    [
      "an order by nothing",
      { order_by: [{ name: "revenue", direction: "asc" }] },
      { path: "order_by.0.name" },
    ],
    ["a plain metric without a dataset", { metrics: ["metric:value", "events"] }, { path: "dataset" }],
    ["no dataset at all", { metrics: ["events"] }, { path: "dataset" }],
  ])("refuses %s", async (_, query, wanted) => {
    expect(await refused({ ...base, ...query })).toMatchObject(wanted);
  });

  it("suggests a narrower range when values of fields would cost too much", async () => {
    const { found } = await answer(
      stores,
      asker(project),
      { found: base },
      { budget: { rows: 3, bytes: 1e6 } },
    );
    expect(found).toMatchObject({
      code: "budget_exceeded",
    });
  });

  it("is returned or refused, whatever is defined and queried", async () => {
    const fields = ["visitor", "session", "event:name", "event:path", "visit:country", "property:amount"];
    const others = ["visit:duration_ms", "visit:exit", "property:", "time:day", "nonsense"];
    const names = ["events.events", "events.visitors", "sessions.sessions", "a", "b", "nonsense"];
    const conditions: (Filter | undefined)[] = [
      undefined,
      undefined,
      PURCHASE,
      { dimension: "visit:country", op: "eq", value: "DE" },
      { not: { dimension: "property:amount", op: "gt", value: 15 } },
      { or: [PURCHASE, { dimension: "visit:country", op: "is_set" }] },
    ];
    const filters = fc.constantFrom(...conditions);
    const anyAggregate = fc.record({
      kind: fc.constant("aggregate" as const),
      dataset: fc.constantFrom("events", "sessions"),
      aggregation: fc.constantFrom(...AGGREGATIONS),
      field: fc.constantFrom(undefined, ...fields, ...fields, ...others),
      filters,
    });
    const anyFormula = fc
      .tuple(
        fc.constantFrom(...names),
        fc.constantFrom("+", "/", "*", "-"),
        fc.constantFrom(...names, "0", "2.5"),
      )
      .map((parts) => formula(`coalesce(${parts.join(" ")}, 0 / ${parts[0]})`));
    const rule: fc.Arbitrary<MetricRule> = fc.oneof(anyAggregate, anyFormula);
    const query: fc.Arbitrary<Query> = fc.record({
      dataset: fc.constantFrom(undefined, "events", "sessions"),
      metrics: fc.uniqueArray(fc.constantFrom("metric:a", "metric:b", "visitors"), {
        minLength: 1,
        maxLength: 2,
      }),
      define: fc.record({ a: rule, b: rule }),
      dimensions: fc.subarray(["visit:country", "visit:source", "event:path"], { maxLength: 2 }),
      filters,
      granularity: fc.constantFrom(undefined, "day" as const, "week" as const),
      compare: fc.constantFrom("none" as const, "previous" as const),
      range: fc.constant("7d" as const),
    });
    let answered = 0;
    await fc.assert(
      fc.asyncProperty(query, async (asked) => {
        const { found } = await answer(stores, asker(project), { found: asked });
        if ("code" in found) return;
        answered++;
        const { columns, rows } = found;
        for (const row of rows) {
          expect(row).toHaveLength(columns.length);
          for (const cell of row) expect(typeof cell !== "number" || Number.isFinite(cell)).toBe(true);
        }
      }),
      { numRuns: 1000 },
    );
    expect(answered).toBeGreaterThan(100);
  }, 60_000);

  it("survives definitions that double at every step", async () => {
    const chain = Array.from({ length: 18 }, (_, i) => [
      `m${i}`,
      formula(i ? `m${i - 1} + m${i - 1}` : "events.events"),
    ]);
    const { totals } = await ask(project, {
      metrics: ["metric:m17"],
      define: Object.fromEntries(chain),
      range: "7d",
    });
    expect(totals).toEqual({ "metric:m17": 6 * 2 ** 17 });
    const longer = Array.from({ length: 40 }, (_, i) => [
      `m${i}`,
      formula(i ? `m${i - 1} + 1` : "events.events"),
    ]);
    const { detail } = await refused({
      metrics: ["metric:m39"],
      define: Object.fromEntries(longer),
      range: "7d",
    });
    expect(detail).toContain("More than 20 metrics use each other");
  });
});

describe("a tail", () => {
  it("is not counted as 0", async () => {
    await addProject("tail", "UTC");
    const day = Date.parse("2026-03-18T00:00:00Z");
    const body = encodePacked("visit:country", {
      values: ["DE", "(other)"],
      counts: { events: [8, 4], pageviews: [6, 3], sessions: [4, 2], bounces: [1, 1], duration_ms: [0, 0] },
      sets: { anonymous: [4, 2], identified: ["", ""] },
    });
    const rows = [{ grain: "day", dimension: "visit:country", bucket: day, sealed: true, body } as const];
    await env.SHARD_0.batch(writeRows(env.SHARD_0, [{ project: "tail", rows }]));
    const query: Query = {
      metrics: ["metric:share"],
      define: { share: formula("events.events / sessions.sessions") },
      dimensions: ["visit:country"],
      range: { from: "2026-03-18", to: "2026-03-19" },
    };
    const { rows: found } = await ask("tail", query);
    expect(found).toEqual([
      ["DE", 0],
      ["(other)", null],
    ]);
  });
});
