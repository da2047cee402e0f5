/**
 * The edge bill: operations of the real commit, fold and merge, counted and priced per million events at list price,
 * for one busy site and for a thousand that share a deployment.
 * @module
 */
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { startBenchWorker } from "./bench-worker.ts";
import { cpuMs, timed } from "./measure.ts";
import { LINES, PRICES, type Priced } from "./prices.ts";
import type { Bench, Cell, Check, Table } from "./report.ts";
import { sized } from "./size.ts";

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
/** 100 million accepted events a day. */
const EVENTS_PER_SECOND = sized(100_000_000, 4_000_000) / 86_400;
/** Accepted events per requested event: the generator adds engagement events. */
const ACCEPTED = 1.8;
const EVENTS_A_MESSAGE = 10;
const MESSAGES_A_DELIVERY = 100;
/** Shortest interval of merges. */
const MERGE_MS = 10 * SECOND_MS;
/** Storage writes of a folder's round: alarm, `folded_at`, `until`, `merged_at`, `failures`. */
const ROUND_ROWS = 5;
/** Requests of a delivery to the folder, and of the round itself. */
const WAKES = 1;
const INGEST_MS_OF_TEN = 0.3;

interface Setting {
  name: string;
  sites: number;
  foldMs: number;
  /** Traffic before counting, so that buckets and sessions exist. */
  warmUpMs: number;
  countedMs: number;
  most: number;
}

const SETTINGS: Setting[] = [
  {
    name: "one busy site",
    sites: 1,
    foldMs: 5 * SECOND_MS,
    warmUpMs: MINUTE_MS,
    countedMs: MINUTE_MS,
    most: 0.2,
  },
  {
    name: "1,000 equal sites",
    sites: sized(1000, 20),
    foldMs: 10 * MINUTE_MS,
    warmUpMs: 0,
    countedMs: 10 * MINUTE_MS,
    most: 0.35,
  },
];

interface Billed {
  events: number;
  operations: Priced;
  folds: number;
  foldSeconds: number;
  pages: number;
  pageBytes: number;
  written: Record<string, number>;
}

export const benchBill: Bench = async (say) => {
  const tables: Table[] = [];
  const checks: Check[] = [];
  const freshness: Record<string, Cell>[] = [];
  for (const setting of SETTINGS) {
    say(`${setting.name}, a fold every ${setting.foldMs / SECOND_MS} s`);
    const billed = await simulate(setting, say);
    const perMillion = (count: number) => (count / billed.events) * 1e6;
    const rows = Object.entries(LINES).map(([line, names]) => ({
      "per million events": line,
      operations: names.reduce((sum, name) => sum + perMillion(billed.operations[name]), 0),
      $: names.reduce((sum, name) => sum + perMillion(billed.operations[name]) * PRICES[name], 0).toFixed(4),
    }));
    const total = rows.reduce((sum, row) => sum + Number(row.$), 0);
    rows.push({ "per million events": "total", operations: Number.NaN, $: total.toFixed(4) });
    tables.push({
      title: `bill: ${setting.name}, 10 events a message, a fold every ${setting.foldMs / SECOND_MS} s`,
      rows: rows.map((row) => ({
        ...row,
        operations: Number.isNaN(row.operations) ? "" : Math.round(row.operations),
      })),
      notes: [
        `${billed.events.toLocaleString("en")} events counted, ${billed.folds} folds; open sessions: ${billed.pages} pages, ${(billed.pageBytes / 1e6).toFixed(1)} MB`,
        `D1 rows written a million events: ${Object.entries(billed.written)
          .map(([table, count]) => `${table} ${Math.round(perMillion(count)).toLocaleString("en")}`)
          .join(", ")}`,
      ],
    });
    checks.push({ what: `${setting.name}, a million events`, value: total, unit: "$", most: setting.most });
    freshness.push({
      setting: setting.name,
      "fold every s": setting.foldMs / SECOND_MS,
      "a fold takes s": billed.foldSeconds,
      "number at most s old": setting.foldMs / SECOND_MS + billed.foldSeconds + 1,
    });
  }
  const notes = ["open dashboards do not wait for the fold: events are shown as they are accepted"];
  tables.push({ title: "bill: age of stored numbers", rows: freshness, notes });
  return { tables, checks };
};

async function simulate(setting: Setting, say: (text: string) => void): Promise<Billed> {
  const { sites, foldMs, warmUpMs, countedMs } = setting;
  const worker = await startBenchWorker();
  const { ask, pid } = worker;
  const projects = Array.from({ length: sites }, (_, index) => `p${index}`);
  await ask("projects", { projects });
  const start = Math.floor(Date.now() / HOUR_MS) * HOUR_MS;
  const end = start + warmUpMs + countedMs;
  const events = Math.round(((EVENTS_PER_SECOND / ACCEPTED) * (end - start)) / SECOND_MS);
  const shape = { size: EVENTS_A_MESSAGE, messages: MESSAGES_A_DELIVERY };
  await ask("open", { projects, seed: 3, from: start, to: end, events, ...shape });

  const billed: Billed = {
    events: 0,
    operations: Object.fromEntries(Object.keys(PRICES).map((name) => [name, 0])) as Priced,
    folds: 0,
    foldSeconds: 0,
    pages: 0,
    pageBytes: 0,
    written: {},
  };
  const { operations } = billed;
  let merged = start;
  for (let now = start + foldMs; now <= end; now += foldMs) {
    if (now - foldMs < start + warmUpMs) await ask("operations", {});
    const cpu = cpuMs(pid);
    const delivered = await ask("consume", { limit: 1e9, before: now });
    const folded = await timed(() => ask("fold", { now }));
    if (now - merged >= MERGE_MS) {
      while ((await ask("merge", { now })).merges > 0 && foldMs > MERGE_MS);
      merged = now;
    }
    if (now - foldMs < start + warmUpMs) continue;
    billed.events += delivered.events;
    billed.folds++;
    billed.foldSeconds += folded.ms / SECOND_MS;
    operations.worker_requests += delivered.messages + delivered.deliveries;
    operations.cpu_ms += cpuMs(pid) - cpu + delivered.messages * ingestMs();
    operations.queue_operations += delivered.queue_operations;
    operations.object_requests += delivered.deliveries * WAKES + 1;
    operations.object_ms += folded.ms;
    operations.object_rows_written += ROUND_ROWS;
    operations.analytics_points += delivered.messages;
    if (foldMs > MINUTE_MS) say(`${delivered.events} events folded in ${(folded.ms / 1000).toFixed(1)} s`);
  }
  const counts = await ask("operations", {});
  const { d1_rows_written, d1_rows_read, r2_puts, r2_gets } = counts;
  Object.assign(operations, { d1_rows_written, d1_rows_read, r2_puts, r2_gets });
  operations.r2_byte_years = billed.events * keptBytes(counts.r2_bytes_put / billed.events);
  const { pages, bytes } = await ask("pages", {});
  billed.foldSeconds /= billed.folds;
  Object.assign(billed, { pages, pageBytes: bytes, written: counts.written });
  await worker.close();
  return billed;
}

/** Bytes per event that stay stored: at most those of one write (merged segments are denser; see `scan`). */
function keptBytes(put: number): number {
  return Math.min(put, 60);
}

/** CPU ms of a request of ten events, from the last run of `ingest`, else its budget. */
function ingestMs(): number {
  const file = path.join(import.meta.dirname, "results.json");
  if (!existsSync(file)) return INGEST_MS_OF_TEN;
  const { ingest } = JSON.parse(readFileSync(file, "utf8"));
  const check = ingest?.checks?.find((one: Check) => one.what === "an event in tens");
  return check ? check.value * EVENTS_A_MESSAGE : INGEST_MS_OF_TEN;
}
