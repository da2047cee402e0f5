/** Defined metrics: their numbers are those of counting by hand, at every grain and in every line. */
import { env } from "cloudflare:workers";
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import type { Filter } from "../../../schema/wire/filter";
import { AGGREGATIONS, type MetricRule } from "../../../schema/wire/metric";
import { GRANULARITIES, type Query, type Result } from "../../../schema/wire/query";
import type { EventRow } from "../../../schema/wire/row";
import { bucketStart, DAY_MS, HOUR_MS } from "../../../worker/lib/time";
import { numberIn } from "../../../worker/metrics";
import { answer } from "../../../worker/query";
import {
  comparePositions,
  encodePacked,
  isCounted,
  positionOf,
  type Session,
  Sessionizer,
  writeRows,
} from "../../../worker/rollup";
import { countingBucket } from "../../support/counting-bucket";
import { makeRow } from "../../support/make-row";
import { addProject } from "../../support/pipeline";
import { makeDataset, rowsArbitrary } from "../../support/query-data";

const NOW = Date.parse("2026-03-20T15:20:00Z");
const stores = { db: env.SHARD_0, lake: env.LAKE };
const asker = (project: string, timezone = "UTC") => ({ project, timezone, now: NOW });

async function ask(project: string, query: Query, lake = env.LAKE, zone = "UTC"): Promise<Result> {
  const { found } = await answer({ ...stores, lake }, asker(project, zone), { found: query });
  if ("refusal" in found) throw new Error(`${found.refusal.detail} at ${found.refusal.errors?.[0]?.path}`);
  return found.result;
}

async function refused(query: Query) {
  const { found } = await answer(stores, asker("nobody"), { found: query });
  if ("result" in found) throw new Error("was answered");
  return { detail: found.refusal.detail, path: found.refusal.errors?.[0]?.path, code: found.refusal.code };
}

const aggregate = (
  rest: Omit<Extract<MetricRule, { kind: "aggregate" }>, "kind" | "dataset">,
): MetricRule => ({
  kind: "aggregate",
  dataset: "events",
  ...rest,
});
const formula = (text: string): MetricRule => ({ kind: "formula", formula: text });
const SIGNUP = { dimension: "event:name", op: "eq", value: "signup" } as const;

const DEFINE: Record<string, MetricRule> = {
  signups: aggregate({ aggregation: "count", filters: SIGNUP }),
  signed_up: aggregate({ aggregation: "unique", field: "visitor", filters: SIGNUP }),
  priced: aggregate({ aggregation: "count", field: "property:price" }),
  prices: aggregate({ aggregation: "unique", field: "property:price" }),
  revenue: aggregate({ aggregation: "sum", field: "property:price", unit: "currency:EUR" }),
  price: aggregate({ aggregation: "average", field: "property:price", unit: "currency:EUR" }),
  least: aggregate({ aggregation: "min", field: "property:price", unit: "currency:EUR" }),
  most: aggregate({ aggregation: "max", field: "property:price", unit: "currency:EUR" }),
  middle: aggregate({ aggregation: "median", field: "property:price", unit: "currency:EUR" }),
  high: aggregate({ aggregation: "p95", field: "property:price", unit: "currency:EUR" }),
  signup_rate: formula("signups / events.visitors"),
  spread: formula("(most - least) / middle"),
  each: formula("revenue / events.events"),
  filled: formula("coalesce(least, 0) + 0"),
  pace: formula("events.events / sessions.sessions"),
};
const NAMES = Object.keys(DEFINE).filter((name) => name !== "pace");

const over = (a: number | null, b: number | null) => (a === null || !b ? null : a / b);

/** Between two values in proportion; `numbers` are in order. */
function quantileOf(numbers: readonly number[], q: number): number | null {
  if (!numbers.length) return null;
  const at = q * (numbers.length - 1);
  const [low, high] = [numbers[Math.floor(at)]!, numbers[Math.ceil(at)]!];
  return low + (high - low) * (at % 1);
}

/** What the metrics are by the rules themselves, over counted events. */
function byHand(rows: readonly EventRow[], zone = "UTC"): Record<string, number | null> {
  const visitors = (some: readonly EventRow[]) =>
    new Set(
      some.map((r) =>
        r.distinct_id ? r.visitor_id : `${r.visitor_id} ${bucketStart(r.timestamp, "day", zone)}`,
      ),
    ).size;
  const priceOf = ({ properties }: EventRow): string | null => {
    const price = properties === null ? null : JSON.parse(properties).price;
    return price === undefined || price === null ? null : String(price);
  };
  const texts = rows.map(priceOf).filter((text) => text !== null);
  const numbers = texts
    .map(numberIn)
    .filter((n) => !Number.isNaN(n))
    .sort((a, b) => a - b);
  const quantile = (q: number) => quantileOf(numbers, q);
  const sum = numbers.reduce((a, b) => a + b, 0);
  const signups = rows.filter((row) => row.event_name === "signup");
  const [least = null, most = null] = [numbers[0], numbers.at(-1)];
  return {
    signups: signups.length,
    signed_up: visitors(signups),
    priced: texts.length,
    prices: new Set(texts).size,
    revenue: sum,
    price: over(sum, numbers.length),
    least,
    most,
    middle: quantile(0.5),
    high: quantile(0.95),
    signup_rate: over(signups.length, visitors(rows)),
    spread: most === null || least === null ? null : over(most - least, quantile(0.5)),
    each: over(sum, rows.length),
    filled: least ?? 0,
  };
}

/** Random events some of which have a price: a number, a number as text, or something that is none. */
const priced = rowsArbitrary(NOW - 6 * DAY_MS, NOW, 100).chain((rows) =>
  fc
    .array(fc.constantFrom(undefined, null, 5, 12.5, -3, 0, "7", " 8.5 ", "free", "0x10", true), {
      minLength: rows.length,
      maxLength: rows.length,
    })
    .map((prices) =>
      rows.map((row, i) => {
        if (row.event_name === "$engagement" || prices[i] === undefined) return row;
        const properties = row.properties === null ? {} : JSON.parse(row.properties);
        return { ...row, properties: JSON.stringify({ ...properties, price: prices[i] }) };
      }),
    ),
);

/** Rows of an answer keyed by their first cells, with metrics by name. */
function linesOf({ columns, rows }: Result) {
  const split = columns.filter(({ type }) => type !== "number").length;
  return new Map(
    rows.map((row) => [
      JSON.stringify(row.slice(0, split)),
      Object.fromEntries(
        columns.slice(split).map(({ name }, i) => [name.replace("metric:", ""), row[split + i]]),
      ),
    ]),
  );
}

function expectClose(
  found: Record<string, unknown> | undefined,
  wanted: Record<string, number | null>,
): void {
  for (const [name, value] of Object.entries(wanted)) {
    if (value === null) expect(found?.[name], name).toBeNull();
    else expect(found?.[name], name).toBeCloseTo(value, 9);
  }
}

/** Events with the session of each, by the rule itself. */
function withSessions(rows: readonly EventRow[]) {
  const sessionizer = new Sessionizer("UTC");
  const ordered = rows.toSorted((a, b) => comparePositions(positionOf(a), positionOf(b)));
  return ordered.map((row) => ({ row, session: sessionizer.add(row) }));
}

const DIMENSIONS: [string, (row: EventRow) => string | null][] = [
  ["event:path", (row) => row.path],
  ["event:name", (row) => row.event_name],
  ["property:plan", (row) => (row.properties === null ? null : (JSON.parse(row.properties).plan ?? null))],
];

describe("defined metrics equal counting by hand", () => {
  it.each(["UTC", "Asia/Kolkata", "America/New_York"])(
    "at every grain, in every line, in totals in %s: ratios are of sums, none stays none",
    async (zone) => {
      let runs = 0;
      await fc.assert(
        fc.asyncProperty(priced, async (rows) => {
          const project = `${zone}-${++runs}`;
          await makeDataset(project, rows, { now: NOW, timezone: zone });
          const counted = rows.filter(isCounted);
          const metrics = NAMES.map((name) => `metric:${name}`);
          const base: Query = { metrics, define: DEFINE, range: "7d", limit: 1000 };
          const asked = (query: Query) => ask(project, query, env.LAKE, zone);
          const whole = await asked(base);
          expectClose(linesOf(whole).get("[]"), byHand(counted, zone));
          const totals = Object.entries(whole.totals ?? {}).map(([name, value]) => [
            name.replace("metric:", ""),
            value,
          ]);
          expectClose(Object.fromEntries(totals), byHand(counted, zone));
          const first = bucketStart(NOW, "day", zone) - 6 * DAY_MS;
          for (const grain of GRANULARITIES) {
            const startOf = (row: EventRow) => Math.max(first, bucketStart(row.timestamp, grain, zone));
            const found = linesOf(await asked({ ...base, granularity: grain }));
            for (const [key, line] of found) {
              const [start] = JSON.parse(key);
              const inside = counted.filter((row) => startOf(row) === start);
              expectClose(line, byHand(inside, zone));
            }
            for (const row of counted) expect(found.has(JSON.stringify([startOf(row)]))).toBe(true);
          }
          for (const [dimension, readOf] of DIMENSIONS) {
            const found = linesOf(await asked({ ...base, dimensions: [dimension] }));
            const shown = counted.filter((row) => readOf(row) !== null);
            const groups = Map.groupBy(shown, readOf);
            expect(found.size).toBe(groups.size);
            for (const [value, inside] of groups)
              expectClose(found.get(JSON.stringify([value])), byHand(inside, zone));
          }
        }),
        { numRuns: 8 },
      );
    },
    120_000,
  );

  it("across datasets", async () => {
    let runs = 0;
    await fc.assert(
      fc.asyncProperty(rowsArbitrary(NOW - 5 * DAY_MS, NOW, 80), async (rows) => {
        const project = `across-${++runs}`;
        await makeDataset(project, rows, { now: NOW });
        const all = withSessions(rows);
        const sessions = new Set(all.map(({ session }) => session));
        const query: Query = {
          metrics: ["metric:pace"],
          define: DEFINE,
          range: "7d",
          dimensions: ["visit:country"],
        };
        const found = linesOf(await ask(project, query));
        const countries = new Set([...sessions].map((session) => session.fields.country ?? null));
        expect(found.size).toBe(countries.size);
        for (const country of countries) {
          const inside = all.filter(
            ({ row, session }) => isCounted(row) && (session.fields.country ?? null) === country,
          );
          const started = [...sessions].filter((session) => (session.fields.country ?? null) === country);
          expectClose(found.get(JSON.stringify([country])), { pace: inside.length / started.length });
        }
      }),
      { numRuns: 12 },
    );
  }, 60_000);

  it("over sessions: their numbers, their own values, those of the visit asked of events", async () => {
    const visits = (
      rest: Omit<Extract<MetricRule, { kind: "aggregate" }>, "kind" | "dataset">,
    ): MetricRule => ({
      ...{ kind: "aggregate", dataset: "sessions" },
      ...rest,
    });
    const field = "visit:duration_ms";
    const priced = { dimension: "event:path", op: "eq", value: "/pricing" } as const;
    const define: Record<string, MetricRule> = {
      middle: visits({ aggregation: "median", field }),
      longest: visits({ aggregation: "max", field }),
      mean: visits({ aggregation: "average", field }),
      views: visits({ aggregation: "sum", field: "visit:pageviews" }),
      engaged: visits({ aggregation: "sum", field: "visit:engaged_ms" }),
      most: visits({ aggregation: "max", field: "visit:events" }),
      countries: visits({ aggregation: "unique", field: "visit:country" }),
      read: visits({ aggregation: "count", filters: priced }),
      read_middle: visits({ aggregation: "median", field, filters: priced }),
      from: aggregate({ aggregation: "unique", field: "visit:country" }),
      share: formula("read / sessions.sessions"),
    };
    const metrics = Object.keys(define).map((name) => `metric:${name}`);
    let runs = 0;
    await fc.assert(
      fc.asyncProperty(rowsArbitrary(NOW - 5 * DAY_MS, NOW, 80), async (rows) => {
        const project = `visits-${++runs}`;
        await makeDataset(project, rows, { now: NOW });
        const all = withSessions(rows);
        const query: Query = { metrics, define, range: "7d", dimensions: ["visit:source"] };
        const found = linesOf(await ask(project, query));
        const bySource = Map.groupBy(all, ({ session }) => session.fields.source ?? null);
        expect(found.size).toBe(bySource.size);
        for (const [source, inside] of bySource) {
          const sessions = [...new Set(inside.map(({ session }) => session))];
          const counted = inside.filter(({ row }) => isCounted(row));
          const reading = new Set(
            counted.flatMap(({ row, session }) => (row.path === "/pricing" ? [session] : [])),
          );
          const lengths = (some: Iterable<Session>) =>
            [...some].map((one) => one.ended_at - one.started_at).sort((a, b) => a - b);
          const durations = lengths(sessions);
          const countriesOf = (some: readonly Session[]) =>
            new Set(some.flatMap((one) => one.fields.country ?? [])).size;
          expectClose(found.get(JSON.stringify([source])), {
            middle: quantileOf(durations, 0.5),
            longest: durations.at(-1)!,
            mean: durations.reduce((a, b) => a + b, 0) / durations.length,
            views: sessions.reduce((sum, one) => sum + one.pageviews, 0),
            engaged: sessions.reduce((sum, one) => sum + one.engaged_ms, 0),
            most: Math.max(...sessions.map((one) => one.events)),
            countries: countriesOf(sessions),
            read: reading.size,
            read_middle: quantileOf(lengths(reading), 0.5),
            from: countriesOf(counted.map(({ session }) => session)),
            share: reading.size / sessions.length,
          });
        }
      }),
      { numRuns: 15 },
    );
  }, 60_000);
});

describe("an answer", () => {
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

  it("tells none from nothing in every bucket", async () => {
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

  it("is ordered and cut after the lines have met", async () => {
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

  it("counts rows with a filter that rollups keep from rollups alone", async () => {
    const { meta, rows: found } = await ask(project, {
      ...base,
      metrics: ["metric:conversion"],
      granularity: "day",
    });
    expect(meta.source).toBe("rollup");
    expect(found.at(-1)?.[1]).toBe(1 / 3);
  });

  it("reads what several metrics rest on once", async () => {
    // Ranges that nothing else asks for: answers over days that are over are kept.
    const one = countingBucket(env.LAKE);
    await ask(project, { ...base, metrics: ["metric:revenue"], range: { from: "2026-03-10" } }, one.bucket);
    const many = countingBucket(env.LAKE);
    const metrics = ["metric:revenue", "metric:value", "metric:zero", "metric:orders"];
    await ask(project, { ...base, metrics, range: { from: "2026-03-09" } }, many.bucket);
    expect(many.counts.gets).toBe(one.counts.gets);
    expect(one.counts.gets).toBeGreaterThan(0);
  });

  it.each<[string, Partial<Query>, object]>([
    [
      "an unknown metric",
      { metrics: ["metric:valeu"] },
      { code: "unknown_name", path: "metrics.0", detail: "There is no metric valeu; did you mean value?" },
    ],
    [
      "an unknown name in a formula",
      { define: { value: formula("1 + visitors") } },
      {
        code: "unknown_name",
        path: "define.value.formula",
        detail: "value: There is no metric visitors; did you mean events.visitors? (characters 5–12)",
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
      { code: "unprocessable", path: "define.value.formula" },
    ],
    [
      "a circle",
      { define: { value: formula("other"), other: formula("1 + value") } },
      {
        path: "define.other.formula",
        detail: "other: value rests on itself: value → other → value (characters 5–9)",
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
        detail: "value: There is no field event:nmae; did you mean event:name?",
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
        path: "dimensions.0",
        detail: expect.stringContaining("sessions is counted over sessions: leave it out"),
      },
    ],
    [
      "what counts nothing",
      { define: { value: formula("2 * 21") } },
      { code: "unprocessable", path: "metrics" },
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
        code: "unprocessable",
        path: "metrics",
        detail: expect.stringContaining("21 differently filtered counts"),
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

  it("says what to narrow when values of fields would cost too much", async () => {
    const { found } = await answer(
      stores,
      asker(project),
      { found: base },
      { budget: { rows: 3, cells: 99 } },
    );
    expect(found).toMatchObject({
      refusal: {
        code: "budget_exceeded",
        detail: expect.stringContaining("rollups do not keep the values of fields."),
      },
    });
  });

  it("comes or is refused, whatever is defined and asked", async () => {
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
        if ("refusal" in found) return;
        answered++;
        const { columns, rows } = found.result;
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
    expect(detail).toContain("More than 20 metrics rest on each other");
  });
});

describe("a tail", () => {
  it("is not taken for nothing", async () => {
    await addProject("tail", "UTC");
    const day = Date.parse("2026-03-18T00:00:00Z");
    const body = encodePacked("visit:country", {
      values: ["DE", "(other)"],
      counts: { events: [8, 4], pageviews: [6, 3], sessions: [4, 2], bounces: [1, 1], duration_ms: [0, 0] },
      sets: { anonymous: [4, 2], identified: ["", ""] },
    });
    const rows = [{ grain: "day", dimension: "visit:country", bucket: day, sealed: true, body } as const];
    await env.SHARD_0.batch(writeRows(env.SHARD_0, "tail", rows));
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
