import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { MetricRule } from "../../../../schema/wire/metric";
import { GRANULARITIES, type Query, type QueryResult } from "../../../../schema/wire/query";
import type { EventRow } from "../../../../schema/wire/row";
import { bucketStart, DAY_MS } from "../../../../worker/lib/time";
import {
  comparePositions,
  isCounted,
  positionOf,
  type Session,
  Sessionizer,
} from "../../../../worker/pipeline/rollup";
import { numberIn } from "../../../../worker/questions/metrics";
import { LAKE } from "../../../support/lake";
import { makeDataset, rowsArbitrary } from "../../../support/query-data";
import { aggregate, ask, formula, NOW } from "./defined";

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

/** Interpolates between two values; `numbers` are in order. */
function quantileOf(numbers: readonly number[], q: number): number | null {
  if (!numbers.length) return null;
  const at = q * (numbers.length - 1);
  const [low, high] = [numbers[Math.floor(at)]!, numbers[Math.ceil(at)]!];
  return low + (high - low) * (at % 1);
}

/** The metrics computed by their rules, over counted events. */
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

/** Random events some of which have a price: a number, a number as text, or something else. */
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

/** Rows of a result keyed by their first cells, with metrics by name. */
function linesOf({ columns, rows }: QueryResult) {
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

/** Events with the session of each, by the session rules. */
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

describe("defined metrics equal an independent computation", () => {
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
          const asked = (query: Query) => ask(project, query, LAKE, zone);
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

  it("over sessions: their numbers, their own values, and visit dimensions of events", async () => {
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
      lengths: visits({ aggregation: "unique", field }),
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
            lengths: new Set(durations).size,
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
