/**
 * What a rollup stores: the dimensions, and the measures of each.
 * An event dimension adds up events; a visit dimension adds up sessions in the bucket in which they start.
 * @module
 */
import {
  type DeclaredDimension,
  type EVENT_COLUMNS,
  EVENT_DIMENSIONS,
  type EventValueColumn,
  VISIT_DIMENSIONS,
  type VisitColumn,
} from "../../../schema/wire/columns";

/** Integers that can be added. Durations in ms. */
export const COUNTS = ["events", "pageviews", "sessions", "bounces", "duration_ms"] as const;
export type CountMeasure = (typeof COUNTS)[number];

/**
 * Sets. `anonymous` (the day's anonymous visitors) and `identified` (visitors with a `distinct_id`) together are
 * `visitors`; `users` are people named by an identify event; `event_sessions` are the sessions in which an event
 * occurs. Once a bucket is sealed `anonymous` and `event_sessions` are plain counts: their members are valid for one
 * day only.
 */
export const SETS = ["anonymous", "identified", "users", "event_sessions"] as const;
export type SetMeasure = (typeof SETS)[number];

/** Sets whose members are valid for one day only; members of the others are the same on every day. */
export const DAILY_SETS: readonly SetMeasure[] = ["anonymous", "event_sessions"];

export interface DimensionSpec {
  of: "event" | "visit";
  counts: readonly CountMeasure[];
  sets: readonly SetMeasure[];
  /** Whether null is a value or left out. */
  nulls: "keep" | "omit";
}

const event = {
  of: "event",
  counts: ["events", "pageviews"],
  sets: ["anonymous", "identified"],
  nulls: "omit",
} as const;
const visit = {
  of: "visit",
  counts: COUNTS,
  sets: ["anonymous", "identified"],
  nulls: "keep",
} as const;

/** The undivided row of a bucket. */
export const TOTAL = "";

type EventDimension = (typeof EVENT_COLUMNS)[EventValueColumn]["dimension"]["name"];
export type Dimension = typeof TOTAL | EventDimension | "visit:entry" | "visit:exit" | `visit:${VisitColumn}`;

/** Dimensions of one event that are rolled up, with the column of each. */
export const EVENT_VALUES = EVENT_DIMENSIONS.filter(({ rolledUp }) => rolledUp).map(
  ({ name, column }) => [name, column] as [EventDimension, EventValueColumn],
);

const specs = (declared: readonly DeclaredDimension[], spec: DimensionSpec) =>
  declared
    .filter(({ rolledUp }) => rolledUp)
    .map(({ name, nulls }): [string, DimensionSpec] => [name, { ...spec, nulls }]);

export const DIMENSIONS: Readonly<Record<Dimension, DimensionSpec>> = {
  [TOTAL]: { of: "event", counts: COUNTS, sets: ["anonymous", "identified", "users"], nulls: "keep" },
  ...(Object.fromEntries([...specs(EVENT_DIMENSIONS, event), ...specs(VISIT_DIMENSIONS, visit)]) as Record<
    Exclude<Dimension, typeof TOTAL>,
    DimensionSpec
  >),
  "event:name": { of: "event", counts: ["events"], sets: SETS, nulls: "keep" },
  /** The last page changes while a session continues, so it has no sets: a member cannot be removed from a sketch. */
  "visit:exit": { ...visit, nulls: "omit", sets: [] },
};

export const DIMENSION_NAMES = Object.keys(DIMENSIONS) as Dimension[];

/** Dimensions whose hours are stored longer than 72 h: hourly series of the total and of each event go back 90 days. */
export const HOURLY_FOR_LONG: readonly Dimension[] = [TOTAL, "event:name"];

/** The value that sums the tail of a bucket. */
export const OTHER = "(other)";
/** Most values of a dimension in a sealed bucket. */
export const SEALED_VALUES = 250;
/** Most values in an open bucket, the most frequent ones. A row may have fewer: see `encodeFitting`. */
export const OPEN_VALUES = 5000;

/** Retention of hours split by dimension. */
export const HOURS_RETENTION_MS = 72 * 3600_000;
/** Retention in D1 of days, and of hours of `HOURLY_FOR_LONG`; older ones are sealed into R2. */
export const DAYS_RETENTION_MS = 90 * 86_400_000;
