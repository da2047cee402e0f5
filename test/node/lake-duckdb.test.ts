/**
 * The lake is open: an independent engine reads its files with the intended types.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { type DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { SealedRollupRow, SessionRow } from "../../schema/wire/derived.ts";
import type { AdsRow } from "../../schema/wire/mart.ts";
import { type Cell, DATASETS, type Dataset, type RowOf } from "../../worker/pipeline/lake/columns.ts";
import { encodeSegment } from "../../worker/pipeline/lake/encode.ts";
import { makeRows } from "../worker/pipeline/lake/make-rows.ts";

let folder: string;
let duck: DuckDBConnection;

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), "lake-"));
  duck = await (await DuckDBInstance.create(":memory:")).connect();
  await duck.run("SET TimeZone = 'UTC'");
});
afterAll(() => rmSync(folder, { recursive: true }));

function write<D extends Dataset>(dataset: D, rows: RowOf<D>[]): string {
  const file = path.join(folder, `${dataset}-${rows.length}.parquet`);
  writeFileSync(file, encodeSegment(dataset, rows).bytes);
  return file;
}

const ask = async (sql: string) => (await duck.runAndReadAll(sql)).getRowObjectsJson();

const duckTypes: Record<string, string> = {
  dictionary: "VARCHAR",
  text: "VARCHAR",
  json: "JSON",
  timestamp: "TIMESTAMP WITH TIME ZONE",
  int32: "INTEGER",
  int64: "BIGINT",
  double: "DOUBLE",
  boolean: "BOOLEAN",
};

const session: SessionRow = {
  ...Object.fromEntries(Object.keys(DATASETS.sessions.columns).map((name) => [name, null])),
  project_id: "p",
  session_key: "s",
  epoch: 2,
  started_at: 1_700_000_000_123,
  ended_at: 1_700_000_100_123,
  visitor_id: "v",
  events: 3,
  pageviews: 2,
  engaged_ms: 5_000_000_000,
  bounce: true,
} as unknown as SessionRow;
const rollup: SealedRollupRow = {
  ...Object.fromEntries(Object.keys(DATASETS.rollups.columns).map((name) => [name, null])),
  project_id: "p",
  grain: "day",
  epoch: 1,
  dimension: "path",
  bucket: 1_700_000_000_000,
  duration_ms: 2 ** 53 - 1,
  events: -1,
} as unknown as SealedRollupRow;

const ad: AdsRow = {
  ...Object.fromEntries(Object.keys(DATASETS.ads_ads.columns).map((name) => [name, null])),
  project_id: "p",
  date: Date.UTC(2026, 9, 1),
  platform: "google_ads",
  source_id: "s",
  account_id: "1",
  campaign_id: "2",
  status: "active",
  currency: "JPY",
  impressions: 2 ** 40,
  clicks: 3,
  spend_minor: 0.1,
  conversions: -0.5,
  value_minor: 1e300,
} as unknown as AdsRow;

test("every column of every dataset has the intended type, also with only nulls", async () => {
  const files = {
    events: write("events", makeRows({ count: 3 })),
    dropped: write("dropped", makeRows({ count: 1 })),
    sessions: write("sessions", [session]),
    rollups: write("rollups", [rollup]),
    ads_ads: write("ads_ads", [ad]),
  };
  for (const [dataset, file] of Object.entries(files)) {
    const columns = await ask(`DESCRIBE SELECT * FROM '${file}'`);
    const expected = Object.entries(DATASETS[dataset as Dataset].columns);
    expect(columns.map((column) => [column.column_name, column.column_type])).toEqual(
      expected.map(([name, spec]) => [name, duckTypes[spec.type]]),
    );
  }
  expect(await ask(`SELECT * FROM '${files.sessions}'`)).toMatchObject([
    {
      epoch: 2,
      started_at: "2023-11-14 22:13:20.123+00",
      engaged_ms: "5000000000",
      bounce: true,
      country: null,
    },
  ]);
  expect(await ask(`SELECT * FROM '${files.rollups}'`)).toMatchObject([
    { duration_ms: String(2 ** 53 - 1), events: "-1", value: null, users_sketch: null },
  ]);
});

test("doubles and their bounds are preserved", async () => {
  const rows = [1.25, 0, -0, 1e-300].map((spend_minor, i) => ({ ...ad, ad_id: `${i}`, spend_minor }));
  const file = write("ads_ads", [...rows, { ...ad, spend: 7.125, value: -1 }]);
  expect(
    await ask(`SELECT sum(spend_minor) AS minor, sum(spend) AS spend, min(value) AS value FROM '${file}'`),
  ).toEqual([{ minor: 1.35, spend: 7.125, value: -1 }]);
  const bounds = await ask(
    `SELECT stats_min_value AS min, stats_max_value AS max, stats_null_count AS nulls
     FROM parquet_metadata('${file}') WHERE path_in_schema IN ('spend_minor', 'value') ORDER BY path_in_schema`,
  );
  expect(bounds.map(({ min, max, nulls }) => [Number(min), Number(max), Number(nulls)])).toEqual([
    [-0, 1.25, 0],
    [-1, -1, 4],
  ]);
});

test("values are the same, over several row groups, pages and compressed frames", async () => {
  const rows = makeRows({ count: 80_000, projects: ["a", "b"], seed: 9 }).map((row, index) => ({
    ...row,
    title: index % 3 === 0 ? null : `naïve 東京 🧵 ${row.title}`,
    properties: index % 1_000 === 0 ? JSON.stringify({ long: "é".repeat(9_000) }) : row.properties,
  }));
  const file = write("events", rows);
  const read = await ask(
    `SELECT *, epoch_ms(timestamp) AS ms, epoch_ms(received_at) AS received FROM '${file}' ORDER BY event_id`,
  );
  const sorted = [...rows].sort((a, b) => (a.event_id < b.event_id ? -1 : 1));
  expect(read).toHaveLength(sorted.length);
  const differing = sorted.filter((row, index) => {
    const other = read[index] as Record<string, Cell>;
    const same = (name: string, value: Cell) =>
      name === "timestamp"
        ? Number(other.ms) === value
        : name === "received_at"
          ? Number(other.received) === value
          : other[name] === value;
    return !Object.entries(row).every(([name, value]) => same(name, value));
  });
  expect(differing).toEqual([]);
});

test("statistics let an engine skip row groups, and the file has its metadata", async () => {
  const file = write("events", makeRows({ count: 70_000, spanMs: 86_400_000, seed: 4 }));
  const groups = await ask(
    `SELECT row_group_id, row_group_num_rows AS rows, stats_min_value AS min, stats_max_value AS max
     FROM parquet_metadata('${file}') WHERE path_in_schema = 'timestamp'`,
  );
  expect(groups.map((group) => Number(group.rows))).toEqual([65_536, 4_464]);
  expect(String(groups[0]!.max) <= String(groups[1]!.min)).toBe(true);
  const about = await ask(
    `SELECT decode(key) AS key, decode(value) AS value FROM parquet_kv_metadata('${file}')`,
  );
  expect(about).toContainEqual({ key: "selvedge.version", value: "1" });
  expect(about).toContainEqual({ key: "selvedge.dataset", value: "events" });
});
