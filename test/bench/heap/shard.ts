/**
 * A shard whose stored data is outside of the measured heap: SQLite in native memory, objects in files.
 * @module
 */
import { CONTEXT_COLUMNS, nullsOf, STEP_COLUMNS } from "../../../schema/wire/columns.ts";
import type { EventRow } from "../../../schema/wire/row.ts";
import { shardInMemory } from "../../support/node-storage.ts";
import { folderBucket } from "../lake-bucket.ts";
import { watchCalls, watchStores } from "./live.ts";

watchCalls();
const { addSegment, writeSegment } = await import("../../../worker/pipeline/lake/index.ts");

export const PROJECT = "bench";
export const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;
export const NOW = Date.UTC(2026, 10, 20, 15, 20);
export const TODAY = NOW - (NOW % DAY_MS);

/** Stores with projects that are folded up to `seq`. */
export async function makeStores(seq = 0, projects: readonly string[] = [PROJECT]) {
  const stores = watchStores({ db: shardInMemory(), lake: folderBucket() });
  const insert =
    "INSERT INTO fold_state (project, seq, complete_until, first_event_at) VALUES (?1, ?2, 0, 0)";
  for (const project of projects) await stores.db.prepare(insert).bind(project, seq).run();
  return stores;
}

/** Writes rows as a segment of the lake and, with `isCommit`, as a commit to fold. */
export async function addRows(
  { db, lake }: { db: D1Database; lake: R2Bucket },
  rows: EventRow[],
  seq: number,
  isCommit: boolean,
): Promise<void> {
  const id = String(seq).padStart(26, "0");
  const segment = await writeSegment(lake, "events", rows, { id, level: isCommit ? 0 : 1, seq, now: NOW });
  const ranges = [...Map.groupBy(rows, (row) => row.project_id)].map(([project, own]) => [
    project,
    [own.length, segment.min_time, segment.max_time],
  ]);
  const commit = db
    .prepare(
      "INSERT INTO commits (seq, segment, committed_at, received_until, projects, drops) VALUES (?1, ?2, ?3, ?3, ?4, '{}')",
    )
    .bind(seq, id, NOW, JSON.stringify(Object.fromEntries(ranges)));
  await db.batch([addSegment(db, segment), ...(isCommit ? [commit] : [])]);
}

const BLANK = nullsOf([...STEP_COLUMNS, ...CONTEXT_COLUMNS]);
const pick = <T>(values: readonly T[], at: number): T => values[at % values.length]!;

/** A page view of a visitor, with typical dimensions: 500 paths, 200 cities, 40 referrers. */
export function viewOf(visitor: number, timestamp: number, serial: number): EventRow {
  const at = Math.imul(visitor, 2_654_435_761) >>> 8;
  return {
    ...BLANK,
    project_id: PROJECT,
    event_id: `${serial.toString(36).padStart(10, "0")}-7d1e-4f0a-9c1b`,
    event_name: "page_view",
    visitor_id: `visitor-${visitor.toString(36).padStart(14, "0")}`,
    timestamp,
    received_at: timestamp,
    sender: null,
    clock_skewed: false,
    path: `/section-${at % 10}/page-${(at + serial) % 500}`,
    hostname: "shop.example",
    title: "A page",
    referrer: at % 3 ? null : `https://news-${at % 40}.example/articles/today`,
    source: at % 3 ? null : `news-${at % 40}.example`,
    channel: at % 3 ? "Direct" : "Referral",
    country: pick(["DE", "FR", "US", "GB", "IN", "BR", "JP"], at),
    region: `Region ${at % 60}`,
    city: `City ${at % 200}`,
    browser: pick(["Chrome", "Safari", "Firefox", "Edge"], at),
    os: pick(["Windows", "macOS", "Linux", "iOS", "Android"], at),
    device: pick(["desktop", "mobile"], at),
    language: "en",
    screen: "1440x900",
    browser_version: "140",
    drop_reason: null,
  };
}

/** JSON of about `bytes`, different for each serial. */
export function propertiesOf(serial: number, bytes: number): string {
  return JSON.stringify({ serial, text: `item ${serial} of the catalog, `.repeat(Math.ceil(bytes / 28)) });
}
