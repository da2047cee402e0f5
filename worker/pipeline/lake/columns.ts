/**
 * Schema of the lake's Parquet files: the datasets, their columns and types, and their sort order.
 * @module
 */
import { EVENT_COLUMNS, VISIT_COLUMNS, type VisitColumn } from "../../../schema/wire/columns.ts";
import type { SealedRollupRow, SessionRow } from "../../../schema/wire/derived.ts";
import type {
  AdsCampaignRow,
  AdsKeywordRow,
  AdsRow,
  ContactRow,
  DealRow,
  RecordRow,
  SubscriptionRow,
  TableRow,
} from "../../../schema/wire/mart.ts";
import type { EventRow } from "../../../schema/wire/row.ts";

interface Rows {
  events: EventRow;
  /** Events excluded from the statistics. */
  dropped: EventRow;
  /** Sealed data derived from events. */
  sessions: SessionRow;
  rollups: SealedRollupRow;
  /** Versions of records read from vendors. */
  records: RecordRow;
  /** Marts: replaced as a whole, never merged. */
  ads_campaigns: AdsCampaignRow;
  ads_ads: AdsRow;
  ads_keywords: AdsKeywordRow;
  deals: DealRow;
  subscriptions: SubscriptionRow;
  contacts: ContactRow;
  tables: TableRow;
}
export type Dataset = keyof Rows;
/** The row of a dataset. */
export type RowOf<D extends Dataset> = Rows[D];

/** A value of any column. */
export type Cell = string | number | boolean | null;

/**
 * `dictionary`: text stored once a row group, rows hold codes. `text` and `json`: stored in full.
 * `timestamp`: epoch ms, TIMESTAMP(ms, UTC) in the file. `int64` holds safe integers, `double` finite numbers.
 */
export type ColumnType =
  | "dictionary"
  | "text"
  | "json"
  | "timestamp"
  | "int32"
  | "int64"
  | "double"
  | "boolean";

export interface ColumnSpec {
  readonly type: ColumnType;
  readonly nullable: boolean;
}

/** One dataset. Columns are laid out in the file in this order: columns that are read together are adjacent. */
export interface DatasetSpec {
  readonly columns: Readonly<Record<string, ColumnSpec>>;
  /** The timestamp column that rows are sorted, pruned and filtered by. */
  readonly time: string;
  /** Columns that order rows of one project at the same instant, until a merge. */
  readonly ties: readonly string[];
}

const column = (type: ColumnType, nullable: boolean): ColumnSpec => ({ type, nullable });
const name = column("dictionary", false);
const maybe = column("dictionary", true);
const time = column("timestamp", false);
const count = column("int32", false);
const maybeCount = column("int64", true);

const eventColumns = Object.fromEntries(
  Object.entries(EVENT_COLUMNS).map(([column, { encoding, nullable }]) => [
    column,
    { type: encoding, nullable },
  ]),
) as Record<keyof EventRow, ColumnSpec>;

/** Fields of a session's first event. */
const visitColumns = Object.fromEntries(VISIT_COLUMNS.map((column) => [column, maybe])) as Record<
  VisitColumn,
  ColumnSpec
>;

const sessionColumns = {
  project_id: name,
  started_at: time,
  ended_at: time,
  epoch: count,
  generation: column("int32", true),
  visitor_id: name,
  distinct_id: maybe,
  events: count,
  pageviews: count,
  engaged_ms: column("int64", false),
  bounce: column("boolean", false),
  entry_path: maybe,
  exit_path: maybe,
  hostname: maybe,
  ...visitColumns,
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
  error: maybeCount,
  identified_sketch: column("text", true),
  users_sketch: column("text", true),
  epoch: count,
  generation: column("int32", true),
} satisfies Record<keyof SealedRollupRow, ColumnSpec>;

const maybeTime = column("timestamp", true);
const amount = column("double", false);
const maybeAmount = column("double", true);

const recordColumns = {
  project_id: name,
  read_at: time,
  source_id: name,
  stream: name,
  account: name,
  op: name,
  key: column("text", false),
  body: column("json", true),
} satisfies Record<keyof RecordRow, ColumnSpec>;

const campaignColumns = {
  project_id: name,
  date: time,
  status: name,
  platform: name,
  account: maybe,
  campaign: maybe,
};
/** Numbers are adjacent in the middle: most queries read several of them, and few of the names around them. */
const performanceColumns = {
  impressions: column("int64", false),
  clicks: column("int64", false),
  spend: maybeAmount,
  conversions: amount,
  value: maybeAmount,
};
const adsRestColumns = {
  utm_source: maybe,
  utm_medium: maybe,
  utm_campaign: maybe,
  currency: name,
  source_id: name,
  account_id: name,
  campaign_id: name,
  spend_minor: amount,
  value_minor: amount,
};
const adsCampaignColumns = {
  ...campaignColumns,
  ...performanceColumns,
  ...adsRestColumns,
} satisfies Record<keyof AdsCampaignRow, ColumnSpec>;
const adsColumns = {
  ...campaignColumns,
  ...performanceColumns,
  ad_group: maybe,
  ad: maybe,
  creative: maybe,
  ...adsRestColumns,
  ad_group_id: maybe,
  ad_id: maybe,
} satisfies Record<keyof AdsRow, ColumnSpec>;
const adsKeywordColumns = {
  ...campaignColumns,
  ...performanceColumns,
  ad_group: maybe,
  keyword: maybe,
  match_type: maybe,
  ...adsRestColumns,
  ad_group_id: maybe,
  keyword_id: name,
} satisfies Record<keyof AdsKeywordRow, ColumnSpec>;

const dealColumns = {
  project_id: name,
  created_at: time,
  is_won: column("boolean", false),
  is_closed: column("boolean", false),
  amount: maybeAmount,
  pipeline: maybe,
  stage: maybe,
  owner: maybe,
  contact_source: maybe,
  utm_source: maybe,
  utm_medium: maybe,
  utm_campaign: maybe,
  closed_at: maybeTime,
  currency: maybe,
  amount_minor: maybeAmount,
  source_id: name,
  deal_id: name,
  contact_id: maybe,
  name: maybe,
} satisfies Record<keyof DealRow, ColumnSpec>;

const subscriptionColumns = {
  project_id: name,
  started_at: time,
  status: name,
  mrr: maybeAmount,
  quantity: column("int64", false),
  product: maybe,
  price: maybe,
  interval: maybe,
  country: maybe,
  canceled_at: maybeTime,
  ended_at: maybeTime,
  trial_started_at: maybeTime,
  trial_ended_at: maybeTime,
  currency: name,
  mrr_minor: amount,
  source_id: name,
  subscription_id: name,
  customer_id: name,
  email_hash: maybe,
} satisfies Record<keyof SubscriptionRow, ColumnSpec>;

const contactColumns = {
  project_id: name,
  created_at: time,
  is_customer: column("boolean", false),
  lifecycle_stage: maybe,
  status: maybe,
  source: maybe,
  utm_source: maybe,
  utm_medium: maybe,
  utm_campaign: maybe,
  country: maybe,
  company: maybe,
  owner: maybe,
  became_customer_at: maybeTime,
  source_id: name,
  contact_id: name,
  email_hash: maybe,
} satisfies Record<keyof ContactRow, ColumnSpec>;

const tableColumns = {
  project_id: name,
  at: time,
  table: name,
  source_id: name,
  key: column("text", false),
  properties: column("json", false),
} satisfies Record<keyof TableRow, ColumnSpec>;

/**
 * Every dataset of the lake. A field added to a row type breaks the build until it has a column here; the column must
 * be nullable, because older files do not have it.
 */
export const DATASETS: Readonly<Record<Dataset, DatasetSpec>> = {
  events: { columns: eventColumns, time: "timestamp", ties: ["event_id"] },
  dropped: { columns: eventColumns, time: "timestamp", ties: ["event_id"] },
  sessions: { columns: sessionColumns, time: "started_at", ties: ["session_key", "epoch"] },
  rollups: { columns: rollupColumns, time: "bucket", ties: ["grain", "dimension", "value"] },
  records: { columns: recordColumns, time: "read_at", ties: ["source_id", "stream", "account", "key"] },
  ads_campaigns: { columns: adsCampaignColumns, time: "date", ties: ["account_id", "campaign_id", "status"] },
  ads_ads: { columns: adsColumns, time: "date", ties: ["account_id", "campaign_id", "ad_group_id", "ad_id"] },
  ads_keywords: {
    columns: adsKeywordColumns,
    time: "date",
    ties: ["account_id", "campaign_id", "ad_group_id", "keyword_id"],
  },
  deals: { columns: dealColumns, time: "created_at", ties: ["deal_id"] },
  subscriptions: { columns: subscriptionColumns, time: "started_at", ties: ["subscription_id"] },
  contacts: { columns: contactColumns, time: "created_at", ties: ["contact_id"] },
  tables: { columns: tableColumns, time: "at", ties: ["source_id", "key"] },
};
