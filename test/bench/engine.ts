/**
 * Queries: a whole dashboard from rollups at several sizes (it should not grow with the events), and scans of the lake
 * beside DuckDB on the same files. Node's own SQLite replaces D1 and memory replaces
 * R2, so the numbers are only the product's code; network and D1's service are not included.
 * @module
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import type { Query } from "../../schema/wire/query.ts";
import * as lake from "../../worker/pipeline/lake/index.ts";
import * as rollup from "../../worker/pipeline/rollup/index.ts";
import { answer } from "../../worker/questions/query/index.ts";
import { makeShard, NOW, PROJECT } from "./query-shard.ts";
import type { Bench } from "./report.ts";
import { sized } from "./size.ts";

/** One line of the table; CPU times in ms, which do not depend on other processes. */
interface QueryLine {
  name: string;
  events: number;
  p50: number;
  p95: number;
  note: string;
}

const SIZES = process.env.BENCH_EVENTS?.split(",").map(Number) ?? sized([10_000, 1_000_000], [2_000]);
const CALLS = sized(20, 2);
const BREAKDOWNS = [
  "source",
  "channel",
  "entry",
  "exit",
  "country",
  "region",
  "city",
  "browser",
  "os",
  "device",
];

/** The queries of a dashboard, as in the app. */
function dashboard(range: Query["range"], compare: Query["compare"]): Record<string, Query> {
  const base = { range, compare };
  const card = (name: string, dataset: string, metric: string, dimension: string): [string, Query] => [
    name,
    { ...base, dataset, metrics: [metric], dimensions: [dimension], limit: 8 },
  ];
  return {
    people: {
      ...base,
      dataset: "sessions",
      metrics: ["visitors", "sessions", "bounce_rate", "session_duration_ms", "views_per_session"],
      granularity: "day",
    },
    happenings: { ...base, dataset: "events", metrics: ["events", "pageviews", "users"], granularity: "day" },
    ...Object.fromEntries([
      card("names", "events", "events", "event:name"),
      card("paths", "events", "visitors", "event:path"),
      ...BREAKDOWNS.map((name) =>
        card(name, "sessions", name === "exit" ? "sessions" : "visitors", `visit:${name}`),
      ),
    ]),
  };
}

/** Queries that rollups cannot answer, from a day on. */
const SCANS: [string, Query & { since: string }][] = [
  [
    "scan: events by two dimensions",
    { dataset: "events", metrics: ["events"], dimensions: ["event:name", "event:path"], since: "2026-02-19" },
  ],
  [
    "scan: visitors of one page",
    {
      dataset: "events",
      metrics: ["visitors"],
      filters: { dimension: "event:title", op: "eq", value: "A page" },
      since: "2026-02-19",
    },
  ],
  [
    "scan: events by property",
    { dataset: "events", metrics: ["events"], dimensions: ["property:plan"], since: "2026-02-19" },
  ],
  [
    "scan: events by country of the visit",
    { dataset: "events", metrics: ["events"], dimensions: ["visit:country"], since: "2026-03-14" },
  ],
];

export const benchEngine: Bench = async () => ({
  tables: [
    {
      title: "engine: CPU ms of our own code in Node, SQLite for D1 and memory for R2",
      rows: (await measureQueries(SIZES)).map(({ name, events, p50, p95, note }) => ({
        what: name,
        events,
        "p50 ms": p50,
        "p95 ms": p95,
        note,
      })),
    },
  ],
  checks: [],
});

/** Runs the queries at each size. */
async function measureQueries(sizes: readonly number[]): Promise<QueryLine[]> {
  const lines: QueryLine[] = [];
  for (const events of sizes) {
    const shard = await makeShard(events, { rollup, lake });
    const ask = async (queries: Record<string, Query>, now = NOW) => {
      const asker = { project: PROJECT, timezone: "UTC", currency: "EUR", now };
      const budget = { rows: Number.POSITIVE_INFINITY, bytes: Number.POSITIVE_INFINITY };
      const found = await answer(shard, asker, queries, { budget });
      for (const one of Object.values(found)) if ("code" in one) throw new Error(one.detail);
      return found;
    };
    const line = async (name: string, calls: number, run: () => Promise<unknown>, note = "") => {
      const times: number[] = [];
      for (let i = 0; i < calls; i++) {
        const before = process.cpuUsage();
        await run();
        const { user, system } = process.cpuUsage(before);
        times.push((user + system) / 1000);
      }
      const sorted = times.toSorted((a, b) => a - b);
      const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]!;
      lines.push({ name, events, p50: at(0.5), p95: at(0.95), note });
    };
    await line("dashboard, 30 days (14 questions)", CALLS, () => ask(dashboard("30d", "none")));
    await line("dashboard, 7 days", CALLS, () => ask(dashboard("7d", "none")));
    await line("dashboard, 30 days compared, first time", 1, () => ask(dashboard("30d", "previous")));
    await line("dashboard, 30 days compared", CALLS, () => ask(dashboard("30d", "previous")));
    for (const [name, { since, ...query }] of SCANS) {
      // Another hour each time, so that nothing is cached.
      let hour = 0;
      let rows = 0;
      await line(name, 3, async () => {
        const { scan } = await ask({
          scan: { ...query, range: { from: `${since}T0${hour++}:00:00Z` } },
        });
        rows = scan && "meta" in scan ? scan.meta.rows_scanned : 0;
      });
      const last = lines.at(-1)!;
      last.note = `${(rows / last.p50 / 1000).toFixed(1)} M rows/s`;
    }
    await benchDuck(shard.objects, events, line);
  }
  return lines;
}

type Line = (name: string, calls: number, run: () => Promise<unknown>, note?: string) => Promise<void>;

/** The same queries of the same files, on one thread. */
async function benchDuck(objects: Map<string, Uint8Array>, events: number, line: Line): Promise<void> {
  const folder = mkdtempSync(path.join(tmpdir(), "query-bench-"));
  for (const [key, bytes] of objects) {
    if (key.includes("/events/")) writeFileSync(path.join(folder, path.basename(key)), bytes);
  }
  const duck = await (await DuckDBInstance.create(":memory:", { threads: "1" })).connect();
  const from = `'${folder}/*.parquet' WHERE timestamp >= TIMESTAMP '2026-02-19'`;
  for (const [name, sql] of [
    ["events by two dimensions", `SELECT event_name, path, count(*) FROM ${from} GROUP BY ALL`],
    ["visitors of one page", `SELECT count(DISTINCT visitor_id) FROM ${from} AND title = 'A page'`],
    ["events by property", `SELECT properties->>'plan', count(*) FROM ${from} GROUP BY ALL`],
  ] as const) {
    await line(
      `DuckDB: ${name}`,
      3,
      () => duck.run(sql),
      `${events.toLocaleString("en-US")} events, 1 thread`,
    );
  }
  rmSync(folder, { recursive: true });
}
