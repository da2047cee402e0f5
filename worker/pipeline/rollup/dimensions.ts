/**
 * What a rollup keeps: the dimensions, and for each the measures.
 * A dimension of an event adds up events; a dimension of a visit adds up sessions at the bucket in which they start.
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

/** Whole numbers that add up. Durations in ms. */
export const COUNTS = ["events", "pageviews", "sessions", "bounces", "duration_ms"] as const;
export type CountMeasure = (typeof COUNTS)[number];

/**
 * Sets. `anonymous` (the day's anonymous visitors) and `identified` (visitors with a `distinct_id`) together are
 * `visitors`; `users` are people that an identify event has named; `event_sessions` are the sessions an event was seen in.
 * Once a bucket is sealed `anonymous` and `event_sessions` are plain counts: their members mean nothing on another day.
 */
export const SETS = ["anonymous", "identified", "users", "event_sessions"] as const;
export type SetMeasure = (typeof SETS)[number];

/** Sets whose members mean nothing on another day; the members of the others mean the same on every day. */
export const DAILY_SETS: readonly SetMeasure[] = ["anonymous", "event_sessions"];

export interface DimensionSpec {
  of: "event" | "visit";
  counts: readonly CountMeasure[];
  sets: readonly SetMeasure[];
  /** Whether null is a value of its own or left out. */
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

/** The row of a bucket that is not split. */
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
  /** The last page moves while a session goes on, so it has no sets: a member cannot be taken out of a sketch. */
  "visit:exit": { ...visit, nulls: "omit", sets: [] },
};

export const DIMENSION_NAMES = Object.keys(DIMENSIONS) as Dimension[];

/** Dimensions whose hours outlive 72 h: hourly series of everything and of each event go back 90 days. */
export const HOURLY_FOR_LONG: readonly Dimension[] = [TOTAL, "event:name"];

/** Where the tail of a sealed bucket goes. */
export const OTHER = "(other)";
/** Values of a dimension that a sealed bucket keeps. */
export const SEALED_VALUES = 250;
/** Values that an open bucket may hold; further ones go to `(other)` at once, so that a row stays under D1's 2 MB. */
export const OPEN_VALUES = 5000;

/** Hours split by dimension are kept this long. */
export const HOURS_KEPT_MS = 72 * 3600_000;
/** Days, and hours of `HOURLY_FOR_LONG`, stay in D1 this long; older ones are sealed into R2. */
export const DAYS_KEPT_MS = 90 * 86_400_000;
