/**
 * A shard for benchmarks outside workerd: D1's interface over Node's own SQLite, R2 in memory, a month of one
 * project's traffic in both.
 * @module
 */
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { DatabaseSync, type SQLInputValue } from "node:sqlite";
import { CONTEXT_COLUMNS, nullsOf, STEP_COLUMNS } from "../../schema/wire/columns.ts";
import type { EventRow } from "../../schema/wire/row.ts";
import { makeRandom } from "../worker/pipeline/lake/make-rows.ts";
import { memoryBucket } from "./lake-bucket.ts";

/** The product's modules, loaded by the benchmark's runner. */
export interface Rooms {
  rollup: typeof import("../../worker/pipeline/rollup");
  lake: typeof import("../../worker/pipeline/lake");
}

export const PROJECT = "bench";
export const NOW = Date.parse("2026-03-20T15:20:00Z");
const DAY_MS = 86_400_000;
const DAYS = 61;

/** The part of D1 that the modules use. Numbered parameters are named ones in node:sqlite. */
export function makeDatabase(): D1Database {
  const sqlite = new DatabaseSync(":memory:");
  const folder = path.join(import.meta.dirname, "../../schema/migrations/shard");
  for (const file of readdirSync(folder).filter((name) => name.endsWith(".sql"))) {
    sqlite.exec(readFileSync(path.join(folder, file), "utf8").replaceAll("--> statement-breakpoint", ""));
  }
  const statement = (sql: string, values: SQLInputValue[] = []) => {
    const all = () => {
      const named = Object.fromEntries(values.map((value, i) => [`?${i + 1}`, value]));
      return { results: values.length ? sqlite.prepare(sql).all(named) : sqlite.prepare(sql).all() };
    };
    return {
      bind: (...bound: SQLInputValue[]) => statement(sql, bound),
      all: async () => all(),
      run: async () => all(),
      first: async () => all().results[0] ?? null,
      now: all,
    };
  };
  const database = {
    prepare: (sql: string) => statement(sql),
    batch: async (statements: ReturnType<typeof statement>[]) => statements.map((one) => one.now()),
  };
  return database as unknown as D1Database;
}

/** Two months of one project, `events` in the last of them: rollups and sessions derived as by the fold. */
export async function makeShard(events: number, { rollup, lake }: Rooms) {
  const db = makeDatabase();
  const { bucket, objects } = memoryBucket();
  const random = makeRandom(7);
  const today = Math.floor(NOW / DAY_MS) * DAY_MS;
  const perDay = Math.ceil(events / 30);
  for (let ago = DAYS - 1; ago >= 0; ago--) {
    const day = today - ago * DAY_MS;
    const until = Math.min(day + DAY_MS, NOW);
    const count = Math.ceil((perDay * (until - day)) / DAY_MS);
    const rows = dayOf(day, until, count, random);
    const sessionizer = new rollup.Sessionizer("UTC");
    const increment = new rollup.Increment("UTC");
    const sessions = new Set<ReturnType<typeof sessionizer.add>>();
    for (const row of rows) {
      const session = sessionizer.add(row);
      sessions.add(session);
      increment.addEvent(row, session, false);
    }
    for (const session of sessions) increment.addSession(session, 1);
    await store(db, ago, increment, rollup);
    const at = (name: string) => ({
      // Footers are cached by path, so shards of one process must not share ids.
      id: `${name}-${events}-${String(DAYS - ago).padStart(3, "0")}`,
      level: 1,
      seq: 1,
      now: day,
    });
    const written = [
      await lake.writeSegment(bucket, "events", rows, at("e")),
      await lake.writeSegment(
        bucket,
        "sessions",
        [...sessions].map((s) => sessionRow(s, rollup)),
        at("s"),
      ),
    ];
    await db.batch(written.map((segment) => lake.addSegment(db, segment)));
  }
  await db
    .prepare(
      "INSERT INTO fold_state (project, seq, timezone, sealed_until, complete_until) VALUES (?1, 1, 'UTC', ?2, ?3)",
    )
    .bind(PROJECT, today, NOW)
    .run();
  return { db, lake: bucket, objects };
}

async function store(
  db: D1Database,
  ago: number,
  increment: InstanceType<Rooms["rollup"]["Increment"]>,
  rollup: Rooms["rollup"],
): Promise<void> {
  const rows: import("../../worker/pipeline/rollup").RollupRow[] = [...increment.changes()].flatMap(
    ({ grain, dimension, bucket, cells }) => {
      const isOld = bucket < NOW - rollup.HOURS_RETENTION_MS;
      if (grain === "hour" && isOld && !rollup.HOURLY_FOR_LONG.includes(dimension)) return [];
      const sealed = grain === "hour" ? isOld : ago > 0;
      const packed = rollup.applyCells(dimension, null, cells);
      const body = rollup.encodePacked(dimension, sealed ? rollup.sealPacked(dimension, packed) : packed);
      return [{ grain, dimension, bucket, sealed, body }];
    },
  );
  await db.batch(rollup.writeRows(db, [{ project: PROJECT, rows }]));
}

const COUNTRIES = ["DE", "FR", "US", "GB", "IN", "BR", "JP", "NL", "ES", "PL", null];
const SOURCES = [null, null, "Google", "Bing", "Newsletter", "Mastodon", "news.example"];
const BROWSERS = ["Chrome", "Safari", "Firefox", "Edge"];
const SYSTEMS = ["Windows", "macOS", "Linux", "iOS", "Android"];

/** One day's events in order, five per session on average, with session ids as sent by browsers. */
function dayOf(day: number, until: number, count: number, random: () => number): EventRow[] {
  const below = (n: number) => Math.floor(random() * n);
  const skewed = (n: number) => Math.floor(random() ** 3 * n);
  const visitors = Math.max(1, Math.ceil(count / 12));
  const rows: EventRow[] = [];
  while (rows.length < count) {
    const visitor = `${day / DAY_MS}-visitor-${below(visitors)}`;
    const start = day + below(until - day - 600_000);
    const mobile = random() < 0.5;
    const source = SOURCES[below(SOURCES.length)] ?? null;
    const shared = {
      visitor_id: visitor,
      session_id: `${visitor}-${rows.length}`,
      country: COUNTRIES[skewed(COUNTRIES.length)] ?? null,
      city: `City ${skewed(400)}`,
      region: `Region ${skewed(80)}`,
      browser: BROWSERS[below(4)]!,
      os: SYSTEMS[mobile ? 3 + below(2) : below(3)]!,
      device: mobile ? "mobile" : "desktop",
      source,
      channel: source ? "Organic search" : "Direct",
    };
    for (let i = 1 + below(9); i > 0 && rows.length < count; i--) {
      const pageview = random() < 0.7;
      rows.push({
        ...BLANK,
        ...shared,
        event_id: `e${day}-${rows.length}`,
        event_name: pageview ? "page_view" : `event ${skewed(40)}`,
        timestamp: start + below(590_000),
        path: `/section-${skewed(12)}/page-${skewed(60)}`,
        properties:
          random() < 0.3 ? `{"plan":"${["free", "team", "pro"][below(3)]}","step":${below(9)}}` : null,
      });
    }
  }
  return rows.sort((a, b) => a.timestamp - b.timestamp || (a.event_id < b.event_id ? -1 : 1));
}

const BLANK = {
  ...nullsOf([...STEP_COLUMNS, ...CONTEXT_COLUMNS]),
  project_id: PROJECT,
  received_at: NOW,
  sender: null,
  clock_skewed: false,
  hostname: "shop.example",
  title: "A page",
  channel: "Direct",
  language: "en",
  screen: "1440x900",
  browser_version: "140",
  drop_reason: null,
};

function sessionRow(session: import("../../worker/pipeline/rollup").Session, rollup: Rooms["rollup"]) {
  const { key, alias: _a, chain_started_at: _c, first: _f, last: _l, fields, ...rest } = session;
  return {
    ...rest,
    ...fields,
    project_id: PROJECT,
    session_key: key,
    generation: null,
    epoch: 0,
    bounce: rollup.isBounce(session),
  };
}
