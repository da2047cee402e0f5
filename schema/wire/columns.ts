/**
 * The columns of an event, in the order of the lake's files: columns that are read together are adjacent. From this
 * list follow the row and message types, the draft that the pipeline fills, the lake's Parquet schema, the fields of a
 * session, the rollups, the dimension catalog and its labels. A missing piece breaks the build.
 * @module
 */

/**
 * How the lake encodes a column, which also determines its type. `dictionary`: text stored once a row group, rows
 * contain codes. `text` and `json`: text stored in full. `timestamp`: epoch ms, a number. `boolean`.
 */
export type Encoding = "dictionary" | "text" | "json" | "timestamp" | "boolean";

export interface EventColumn {
  /**
   * What fills it. `step`: a step of worker/pipeline/ingest, for each event. `context`: the sender's context, once per
   * sender. `commit`: the commit, from the message around the event.
   */
  readonly by: "step" | "context" | "commit";
  readonly encoding: Encoding;
  /** Columns added later are nullable: files written before do not have them. */
  readonly nullable: boolean;
  /** Version of the queue's messages that first contains it; absent: 1. Earlier messages are read as null. */
  readonly since?: number;
  /** Absent: the column is not a dimension and cannot be used to group or filter. */
  readonly dimension?: ColumnDimension;
}

/** The dimension that a column is. `event` describes one event, `visit` a session: the value of its first event. */
export interface ColumnDimension {
  readonly name: `event:${string}` | "visit";
  readonly label: string;
  /** One sentence, shown in the catalog. */
  readonly description: string;
  /** Whether a breakdown lists null as a value. `omit` where most rows have none. */
  readonly nulls: "keep" | "omit";
  /** Whether rollups count it; otherwise queries scan the lake. */
  readonly rolledUp: boolean;
}

const name = { encoding: "dictionary", nullable: false } as const;
const optional = { encoding: "dictionary", nullable: true } as const;
const time = { encoding: "timestamp", nullable: false } as const;

/** `visit:<column>`, rolled up. */
const visit = <N extends "keep" | "omit">(label: string, description: string, nulls: N) =>
  ({ name: "visit", label, description, nulls, rolledUp: true }) as const;
const utm = (parameter: string) =>
  visit(`UTM ${parameter}`, `Campaign parameter utm_${parameter} of the first page.`, "omit");

export const EVENT_COLUMNS = {
  project_id: { by: "commit", ...name },
  timestamp: { by: "step", ...time },
  event_name: {
    by: "step",
    ...name,
    dimension: {
      name: "event:name",
      label: "Event",
      description: "Name of the event, as sent.",
      nulls: "keep",
      rolledUp: true,
    },
  },
  /** `distinct_id` when sent, else the day's anonymous id. */
  visitor_id: { by: "commit", ...name },
  distinct_id: { by: "step", ...optional },
  session_id: { by: "step", ...optional },
  path: {
    by: "step",
    ...optional,
    dimension: {
      name: "event:path",
      label: "Page",
      description: "Path of the page on which the event happened.",
      nulls: "omit",
      rolledUp: true,
    },
  },
  hostname: {
    by: "step",
    ...optional,
    dimension: {
      name: "event:hostname",
      label: "Hostname",
      description: "Host name of the page on which the event happened.",
      nulls: "omit",
      rolledUp: true,
    },
  },
  referrer: { by: "step", ...optional, dimension: visit("Referrer", "Page that linked here.", "omit") },
  /** Display name of the referrer or `utm_source`; null is direct or internal. */
  source: {
    by: "step",
    ...optional,
    dimension: visit(
      "Source",
      "Site or campaign that brought the visitor; null when they came directly.",
      "keep",
    ),
  },
  /** One of `CHANNELS`. */
  channel: {
    by: "step",
    ...name,
    dimension: visit("Channel", "Kind of source: search, social, e-mail, referral and so on.", "keep"),
  },
  utm_source: { by: "step", ...optional, dimension: utm("source") },
  utm_medium: { by: "step", ...optional, dimension: utm("medium") },
  utm_campaign: { by: "step", ...optional, dimension: utm("campaign") },
  utm_term: { by: "step", ...optional, dimension: utm("term") },
  utm_content: { by: "step", ...optional, dimension: utm("content") },
  country: {
    by: "context",
    ...optional,
    dimension: visit("Country", "Country of the visitor's network, ISO 3166 code.", "keep"),
  },
  region: {
    by: "context",
    ...optional,
    dimension: visit("Region", "Region of the visitor's network.", "keep"),
  },
  city: { by: "context", ...optional, dimension: visit("City", "City of the visitor's network.", "keep") },
  browser: {
    by: "context",
    ...optional,
    dimension: visit("Browser", "Browser according to the user agent.", "keep"),
  },
  browser_version: { by: "context", ...optional },
  os: {
    by: "context",
    ...optional,
    dimension: visit("Operating system", "Operating system according to the user agent.", "keep"),
  },
  os_version: { by: "context", ...optional },
  /** `desktop`, `mobile`, `tablet`, `tv`, `console` or null. */
  device: {
    by: "context",
    ...optional,
    dimension: visit("Device", "Desktop, mobile, tablet, television or console.", "keep"),
  },
  language: {
    by: "step",
    ...optional,
    dimension: visit("Language", "First language of the browser.", "keep"),
  },
  /** `1440x900` */
  screen: {
    by: "step",
    ...optional,
    dimension: visit("Screen", "Width and height of the screen in CSS pixels.", "keep"),
  },
  // New dimensions of a visit go here, after the others: open sessions in D1 list them by position.
  clock_skewed: { by: "step", encoding: "boolean", nullable: false },
  /** Set in the dataset `dropped`. */
  drop_reason: { by: "commit", ...optional },
  received_at: { by: "commit", ...time },
  /** `token`: the request had one, as imports do; null: only the public write key. Of equal ids, theirs count. */
  sender: { by: "commit", ...optional, since: 2 },
  /**
   * The day's anonymous id under yesterday's salt, sent only in the first hour of the project's day so that a session
   * continues past midnight.
   */
  previous_anonymous_id: { by: "context", ...optional },
  title: {
    by: "step",
    ...optional,
    dimension: {
      name: "event:title",
      label: "Page title",
      description: "Title of the page on which the event happened.",
      nulls: "omit",
      rolledUp: false,
    },
  },
  page_url: { by: "step", ...optional },
  user_agent: { by: "context", ...optional },
  /** SHA-256 of the day's salt and the address, 128 bits as base64url; the address itself is never stored. */
  ip_hash: { by: "context", ...optional },
  event_id: { by: "step", encoding: "text", nullable: false },
  /** JSON object as text, after the project's deny-list; null when empty. */
  properties: { by: "step", encoding: "json", nullable: true },
} as const satisfies Record<string, EventColumn>;

type Columns = typeof EVENT_COLUMNS;
export type ColumnName = keyof Columns;
/** Columns whose entry matches a part. */
type ColumnsWith<Part> = { [C in ColumnName]: Columns[C] extends Part ? C : never }[ColumnName];

export type StepColumn = ColumnsWith<{ by: "step" }>;
export type ContextColumn = ColumnsWith<{ by: "context" }>;
export type VisitColumn = ColumnsWith<{ dimension: { name: "visit" } }>;
/** Columns whose values rollups count by event. */
export type EventValueColumn = ColumnsWith<{ dimension: { name: `event:${string}`; rolledUp: true } }>;
export type NullableColumn = ColumnsWith<{ nullable: true }>;

const NAMES = Object.keys(EVENT_COLUMNS) as ColumnName[];
const specOf = (column: ColumnName): EventColumn => EVENT_COLUMNS[column];
const filledBy = (by: EventColumn["by"]) => NAMES.filter((column) => specOf(column).by === by);

export const STEP_COLUMNS = filledBy("step") as StepColumn[];
export const CONTEXT_COLUMNS = filledBy("context") as ContextColumn[];
/** The largest `since` of the columns. */
export const COLUMNS_VERSION = Math.max(...NAMES.map((column) => specOf(column).since ?? 1));

/**
 * Columns that a session takes from its first event. Their order is stored (open sessions, session files): there,
 * `source` and `channel` come before `referrer`.
 */
export const VISIT_COLUMNS: readonly VisitColumn[] = [
  ...new Set<VisitColumn>([
    "source",
    "channel",
    ...(NAMES.filter((column) => specOf(column).dimension?.name === "visit") as VisitColumn[]),
  ]),
];

/** Returns null for each of the nullable columns: the initial values. */
export function nullsOf<C extends ColumnName>(columns: readonly C[]): Record<C & NullableColumn, null> {
  const nulls = columns.filter((column) => specOf(column).nullable).map((column) => [column, null]);
  return Object.fromEntries(nulls);
}

/** Returns the values of `columns` of a row. */
export function pick<C extends ColumnName, Row extends Record<C, unknown>>(
  row: Row,
  columns: readonly C[],
): Pick<Row, C> {
  return Object.fromEntries(columns.map((column) => [column, row[column]])) as Pick<Row, C>;
}

/** A dimension of events or visits, with the column of the dataset `events` or `sessions` that contains it. */
export interface DeclaredDimension extends Omit<ColumnDimension, "name"> {
  readonly name: string;
  readonly column: string;
}

const declared = (column: ColumnName): DeclaredDimension[] => {
  const { dimension } = specOf(column);
  return dimension
    ? [{ ...dimension, column, name: dimension.name === "visit" ? `visit:${column}` : dimension.name }]
    : [];
};

/** Dimensions of one event. */
export const EVENT_DIMENSIONS: readonly DeclaredDimension[] = NAMES.flatMap(declared).filter(
  ({ name }) => !name.startsWith("visit:"),
);

/** Dimensions of a session: those of its first event, and the first and last page it viewed. */
export const VISIT_DIMENSIONS: readonly DeclaredDimension[] = [
  ...VISIT_COLUMNS.flatMap(declared),
  {
    name: "visit:entry",
    column: "entry_path",
    label: "Entry page",
    description: "Path of the first page viewed in the session.",
    nulls: "omit",
    rolledUp: true,
  },
  {
    name: "visit:exit",
    column: "exit_path",
    label: "Exit page",
    description: "Path of the last page viewed in the session.",
    nulls: "omit",
    rolledUp: true,
  },
];

/** Labels of the dimensions of events and visits by name, as the catalog has them. */
export const DIMENSION_LABELS: Readonly<Record<string, string>> = Object.fromEntries(
  [...EVENT_DIMENSIONS, ...VISIT_DIMENSIONS].map(({ name, label }) => [name, label]),
);
