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
/** Storage writes of a folder's round: alarm and `rounds`. */
const ROUND_ROWS = 2;
/** Requests of a delivery to the folder, and of the round itself. */
const WAKES = 1;
const INGEST_MS_OF_TEN = 0.3;

/** Requests that share a message of the queue where isolates are busy (`ingest/group.ts`). */
const SHARED = 4;

/** A month, as bills have it. */
const MONTH_DAYS = 30;

interface Setting {
  name: string;
  sites: number;
  /** Events a day; default: 100 million. */
  daily?: number;
  /** Share of the messages whose events are of the day before. */
  late?: number;
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
    most: 0.25,
  },
  {
    name: "1,000 equal sites",
    sites: sized(1000, 20),
    foldMs: 10 * MINUTE_MS,
    warmUpMs: 0,
    countedMs: 10 * MINUTE_MS,
    most: 0.25,
  },
];

/** Single sites with little traffic, priced per month. A fold of a quiet shard comes at most once a minute. */
const SMALL_SITES: Setting[] = [
  { name: "a quiet site, 20 page views a day", daily: 20 },
  { name: "a small site, 1,000 page views a day", daily: 1000 },
  { name: "a small site, 0.2 % late events", daily: 1000, late: 0.002 },
].map((site) => ({
  ...site,
  sites: 1,
  foldMs: MINUTE_MS,
  warmUpMs: sized(24, 12) * HOUR_MS,
  countedMs: sized(48, 12) * HOUR_MS,
  most: site.daily === 20 ? 0.02 : 1,
}));

interface Billed {
  events: number;
  operations: Priced;
  /** Operations of the queue when requests share messages. */
  sharedOperations: number;
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
    const saved =
      perMillion(billed.operations.queue_operations - billed.sharedOperations) * PRICES.queue_operations;
    rows.push({ "per million events": "total", operations: Number.NaN, $: total.toFixed(4) });
    tables.push({
      title: `bill: ${setting.name}, 10 events a message, a fold every ${setting.foldMs / SECOND_MS} s`,
      rows: rows.map((row) => ({
        ...row,
        operations: Number.isNaN(row.operations) ? "" : Math.round(row.operations),
      })),
      notes: [
        `$${(total - saved).toFixed(4)} where isolates are busy, ${SHARED} requests a message of the queue`,
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
  const small = await billSmallSites(say);
  tables.push(small.table);
  checks.push(...small.checks);
  const notes = ["open dashboards do not wait for the fold: events are shown as they are accepted"];
  tables.push({ title: "bill: age of stored numbers", rows: freshness, notes });
  return { tables, checks };
};

async function billSmallSites(say: (text: string) => void): Promise<{ table: Table; checks: Check[] }> {
  const rows: Table["rows"] = [];
  const checks: Check[] = [];
  for (const setting of SMALL_SITES) {
    say(setting.name);
    const { operations, events, folds } = await simulate(setting, say);
    const months = setting.countedMs / (MONTH_DAYS * 24 * HOUR_MS);
    const dollars = Object.entries(PRICES).reduce(
      (sum, [name, price]) => sum + (operations[name as keyof Priced] * price) / months,
      0,
    );
    const { d1_rows_written, r2_puts } = operations;
    rows.push({
      site: setting.name,
      "events a month": Math.round(events / months),
      "D1 rows written a fold": folds ? (d1_rows_written / folds).toFixed(1) : "",
      "D1 rows written a month": Math.round(d1_rows_written / months),
      "R2 puts a month": Math.round(r2_puts / months),
      "$ a month": dollars.toFixed(4),
    });
    checks.push({ what: `${setting.name}, a month`, value: dollars, unit: "$", most: setting.most });
  }
  const notes = [
    "rows written: of commits, folds, derivations and merges; a visit's events come one or two a message",
  ];
  return { table: { title: "bill: small sites", rows, notes }, checks };
}

async function simulate(setting: Setting, say: (text: string) => void): Promise<Billed> {
  const { sites, foldMs, warmUpMs, countedMs, daily, late = 0 } = setting;
  const worker = await startBenchWorker();
  const { ask, pid } = worker;
  const projects = Array.from({ length: sites }, (_, index) => `p${index}`);
  await ask("projects", { projects });
  const start = Math.floor(Date.now() / HOUR_MS) * HOUR_MS;
  const end = start + warmUpMs + countedMs;
  const perSecond = daily === undefined ? EVENTS_PER_SECOND / ACCEPTED : daily / 86_400;
  const events = Math.max(1, Math.round((perSecond * (end - start)) / SECOND_MS));
  const shape =
    daily === undefined
      ? { size: EVENTS_A_MESSAGE, messages: MESSAGES_A_DELIVERY }
      : { size: 2, messages: 1, late };
  await ask("open", { projects, seed: 3, from: start, to: end, events, ...shape });

  const billed: Billed = {
    events: 0,
    operations: Object.fromEntries(Object.keys(PRICES).map((name) => [name, 0])) as Priced,
    sharedOperations: 0,
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
    const delivered = await ask("consume", { limit: 1e9, before: now, shared: SHARED });
    if (daily !== undefined && delivered.deliveries === 0) continue;
    const folded = await timed(() => ask("fold", { now }));
    if (late > 0) await ask("derive", { now, limit: 5000 });
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
    billed.sharedOperations += delivered.shared_operations;
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
