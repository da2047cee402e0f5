/**
 * What the lake's Parquet files hold: the datasets, their columns and types, and how rows are sorted.
 * @module
 */
import type { RollupRow, SessionRow } from "../../schema/wire/derived.ts";
import type { EventRow } from "../../schema/wire/row.ts";

/** `dropped` holds events kept out of the numbers; `sessions` and `rollups` are sealed derivations. */
export type Dataset = "events" | "dropped" | "sessions" | "rollups";

interface Rows {
  events: EventRow;
  dropped: EventRow;
  sessions: SessionRow;
  rollups: RollupRow;
}
/** The row of a dataset. */
export type RowOf<D extends Dataset> = Rows[D];

/** A value of any column. */
export type Cell = string | number | boolean | null;

/**
 * `dictionary`: text stored once a row group, rows hold codes. `text` and `json`: stored in full.
 * `timestamp`: epoch ms, TIMESTAMP(ms, UTC) in the file. `int64` holds safe integers.
 */
export type ColumnType = "dictionary" | "text" | "json" | "timestamp" | "int32" | "int64" | "boolean";

export interface ColumnSpec {
  readonly type: ColumnType;
  readonly nullable: boolean;
}

/** One dataset. Columns are laid out in the file in this order: what is read together stands together. */
export interface DatasetSpec {
  readonly columns: Readonly<Record<string, ColumnSpec>>;
  /** The timestamp column that rows are sorted, pruned and filtered by. */
  readonly time: string;
  /** Columns that decide the order of rows of one project at the same instant, until a merge. */
  readonly ties: readonly string[];
}

const column = (type: ColumnType, nullable: boolean): ColumnSpec => ({ type, nullable });
const name = column("dictionary", false);
const maybe = column("dictionary", true);
const time = column("timestamp", false);
const count = column("int32", false);
const maybeCount = column("int64", true);

const eventColumns = {
  project_id: name,
  timestamp: time,
  event_name: name,
  visitor_id: name,
  distinct_id: maybe,
  session_id: maybe,
  path: maybe,
  hostname: maybe,
  referrer: maybe,
  source: maybe,
  channel: name,
  utm_source: maybe,
  utm_medium: maybe,
  utm_campaign: maybe,
  utm_term: maybe,
  utm_content: maybe,
  country: maybe,
  region: maybe,
  city: maybe,
  browser: maybe,
  browser_version: maybe,
  os: maybe,
  os_version: maybe,
  device: maybe,
  language: maybe,
  screen: maybe,
  clock_skewed: column("boolean", false),
  drop_reason: maybe,
  received_at: time,
  previous_anonymous_id: maybe,
  title: maybe,
  page_url: maybe,
  user_agent: maybe,
  ip_hash: maybe,
  event_id: column("text", false),
  properties: column("json", true),
} satisfies Record<keyof EventRow, ColumnSpec>;

const sessionColumns = {
  project_id: name,
  started_at: time,
  ended_at: time,
  epoch: count,
  visitor_id: name,
  distinct_id: maybe,
  events: count,
  pageviews: count,
  engaged_ms: column("int64", false),
  bounce: column("boolean", false),
  entry_path: maybe,
  exit_path: maybe,
  hostname: maybe,
  source: maybe,
  channel: maybe,
  referrer: maybe,
  utm_source: maybe,
  utm_medium: maybe,
  utm_campaign: maybe,
  utm_term: maybe,
  utm_content: maybe,
  country: maybe,
  region: maybe,
  city: maybe,
  browser: maybe,
  os: maybe,
  device: maybe,
  language: maybe,
  screen: maybe,
  session_key: column("text", false),
} satisfies Record<keyof SessionRow, ColumnSpec>;

const rollupColumns = {
  project_id: name,
  grain: name,
  dimension: name,
  bucket: time,
  value: maybe,
  events: maybeCount,
  pageviews: maybeCount,
  sessions: maybeCount,
  bounces: maybeCount,
  duration_ms: maybeCount,
  anonymous: maybeCount,
  identified: maybeCount,
  users: maybeCount,
  event_sessions: maybeCount,
  identified_sketch: column("text", true),
  users_sketch: column("text", true),
  epoch: count,
} satisfies Record<keyof RollupRow, ColumnSpec>;

/**
 * Every dataset of the lake. A field added to a row type breaks the build until it has a column here; it must be
 * nullable, as files written before have no such column.
 */
export const DATASETS: Readonly<Record<Dataset, DatasetSpec>> = {
  events: { columns: eventColumns, time: "timestamp", ties: ["event_id"] },
  dropped: { columns: eventColumns, time: "timestamp", ties: ["event_id"] },
  sessions: { columns: sessionColumns, time: "started_at", ties: ["session_key", "epoch"] },
  rollups: { columns: rollupColumns, time: "bucket", ties: ["grain", "dimension", "value"] },
};
