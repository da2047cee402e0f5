/**
 * Questions that once took minutes or hundreds of MB: answered within the limits, or refused.
 * @module
 */
import type { MetricRule } from "../../../schema/wire/metric.ts";
import type { Query } from "../../../schema/wire/query.ts";
import { sized } from "../size.ts";
import { addRows, DAY_MS, makeStores, NOW, PROJECT, viewOf } from "./shard.ts";

const { answer, isRefusal, listEvents, readProjectState } = await import(
  "../../../worker/questions/query/index.ts"
);

type Stores = Awaited<ReturnType<typeof makeStores>>;
type Work = () => Promise<unknown>;

const EVENTS = sized(97_000, 2_000);
const SEGMENT_ROWS = 10_000;
const DAYS = 7;
const KEYS = 30;
const context = { project: PROJECT, timezone: "UTC", currency: "EUR", now: NOW };

/** Events of `days`, each with an order of its own, thirty properties, and about `bytes` of them. */
async function makeEvents(events: number, days: number, bytes: number): Promise<Stores> {
  const stores = await makeStores(1_000_000);
  const from = NOW - days * DAY_MS;
  const filler = "x".repeat(Math.max(0, bytes - KEYS * 15));
  for (let at = 0, seq = 1; at < events; at += SEGMENT_ROWS, seq++) {
    const rows = Array.from({ length: Math.min(SEGMENT_ROWS, events - at) }, (_, i) => {
      const serial = at + i;
      const keys = Array.from({ length: KEYS }, (_, key) => [`k${key}`, (serial * (key + 3)) % 997]);
      const properties = JSON.stringify({ order: `o${serial}`, ...Object.fromEntries(keys), filler });
      const time = from + Math.floor((serial / events) * days * DAY_MS);
      return { ...viewOf(serial % 20_000, time, serial), properties };
    });
    await addRows(stores, rows, seq, false);
  }
  return stores;
}

/** Asks in one request: each query must be answered, or refused with one of the codes. */
async function ask(stores: Stores, queries: Record<string, Query>, codes: readonly string[]): Promise<void> {
  const state = await readProjectState(stores.db, PROJECT, "UTC");
  for (const found of Object.values(await answer(stores, context, queries, { state }))) {
    if (isRefusal(found) && !codes.includes(found.code)) throw new Error(`${found.code}: ${found.detail}`);
  }
}

async function asking(
  queries: Record<string, Query>,
  { codes = [], events = EVENTS, days = DAYS, bytes = 600 }: Partial<Shape> = {},
): Promise<Work> {
  const stores = await makeEvents(events, days, bytes);
  return () => ask(stores, queries, codes);
}

interface Shape {
  codes: readonly string[];
  events: number;
  days: number;
  bytes: number;
}

const range = "7d";
const names = (count: number) => Array.from({ length: count }, (_, i) => `m${i}`);
const rules = (count: number, ruleOf: (i: number) => MetricRule) =>
  Object.fromEntries(names(count).map((name, i) => [name, ruleOf(i)]));
const metricsOf = (count: number) => names(count).map((name) => `metric:${name}`);

/** Twenty unique counts, each under a filter of its own. */
const filteredUniques = (page: number): Query => ({
  metrics: metricsOf(20),
  define: rules(20, (i) => ({
    kind: "aggregate",
    dataset: "events",
    aggregation: "unique",
    field: "visitor",
    filters: { dimension: "event:path", op: "neq", value: `/section-1/page-${page * 20 + i}` },
  })),
  range,
  filters: { dimension: "visit:country", op: "neq", value: `none ${page}` },
});

const medians: Query = {
  metrics: metricsOf(20),
  define: rules(20, (i) => ({
    kind: "aggregate",
    dataset: "events",
    aggregation: "median",
    field: `property:k${i}`,
  })),
  dimensions: ["property:order"],
  range,
};

const manyConditions: Query = {
  dataset: "events",
  metrics: ["events"],
  range,
  filters: {
    and: Array.from({ length: KEYS }, (_, key) => ({
      dimension: `property:k${key}`,
      op: "neq" as const,
      value: "7",
    })),
  },
};

/** A rare filter: the one event that passes is four days old. */
async function rareList(): Promise<Work> {
  const stores = await makeEvents(EVENTS, DAYS, 600);
  const filters = { dimension: "property:order", op: "eq" as const, value: `o${Math.floor(EVENTS * 0.4)}` };
  return async () => {
    const state = await readProjectState(stores.db, PROJECT, "UTC");
    const page = await listEvents(stores, context, state, { query: { range, filters }, limit: 50 });
    if (isRefusal(page) || page.rows.length !== 1) throw new Error("the event was not found");
  };
}

/** Milliseconds of small questions, alone and while a large one runs, from when each was due. */
export async function besideLarge(): Promise<{ quiet: number[]; beside: number[] }> {
  const stores = await makeEvents(EVENTS, DAYS, 600);
  const small = async () => {
    const due = performance.now() + 5;
    await new Promise((resolve) => setTimeout(resolve, 5));
    await ask(stores, { small: { dataset: "events", metrics: ["events"], range: "24h" } }, []);
    return performance.now() - due;
  };
  const quiet: number[] = [];
  for (let i = 0; i < sized(60, 5); i++) quiet.push(await small());
  const large = ask(stores, { a: filteredUniques(1), b: manyConditions }, ["budget_exceeded"]);
  let isRunning = true;
  const done = large.finally(() => {
    isRunning = false;
  });
  const beside: number[] = [];
  while (isRunning) beside.push(await small());
  await done;
  return { quiet: quiet.slice(20), beside };
}

export const QUESTIONS: Record<string, () => Promise<Work>> = {
  "ask: path by hour of 11 months": () =>
    asking(
      {
        q: {
          dataset: "events",
          metrics: ["events"],
          dimensions: ["event:path", "time:hour"],
          range: { from: new Date(NOW - 334 * DAY_MS).toISOString().slice(0, 13).concat(":00:00Z") },
          limit: 10_000,
        },
      },
      { events: sized(11_031, 500), days: 334, codes: ["too_many_cells"] },
    ),
  "ask: 50 × 20 filtered unique counts": () =>
    asking(Object.fromEntries(Array.from({ length: 50 }, (_, i) => [`q${i}`, filteredUniques(i)])), {
      codes: ["budget_exceeded"],
    }),
  "ask: 30 property conditions, 900 B": () =>
    asking({ q: manyConditions }, { bytes: 900, codes: ["budget_exceeded"] }),
  "ask: by a unique property": () =>
    asking({
      q: { dataset: "events", metrics: ["events", "visitors"], dimensions: ["property:order"], range },
    }),
  "ask: 20 medians by a unique property": () =>
    asking({ q: medians }, { codes: ["budget_exceeded", "memory_exceeded"] }),
  "ask: list with a rare filter": rareList,
};
