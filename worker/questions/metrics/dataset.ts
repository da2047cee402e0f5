/**
 * What a dataset declares: the names to group and filter by, the names to count, and where both are
 * stored. Adding a dataset means declaring one of these; nothing in worker/questions/query names a dataset.
 * @module
 */
import type { METRIC_FORMATS, Unit } from "../../../schema/wire/metric";
import type { Granularity } from "../../../schema/wire/query";

/** Where the values of a dimension come from. */
export type Origin =
  /** A column of the dataset's own rows; of a `flag`, a boolean column, the values are `true` and `false`. */
  | { kind: "column"; column: string; flag?: boolean }
  /** A key of the JSON object in a column of the dataset's own rows. */
  | { kind: "property"; column: string; key: string }
  /** The start of the row's bucket. */
  | { kind: "time"; grain: Granularity }
  /**
   * A dimension of another dataset, reached through the session: of events, that of their session; of sessions,
   * "has an event with". If a row has `many`, it can be filtered by and not broken down by.
   */
  | { kind: "related"; dataset: string; dimension: string; many: boolean };

export interface Dimension {
  name: string;
  label: string;
  /** One sentence for users. */
  description: string;
  origin: Origin;
  /** Whether null is a value in a breakdown or left out of it. */
  nulls: "keep" | "omit";
}

/** What is aggregated. */
export type Aggregate =
  /** Rows, all or those whose column has a value. */
  | { kind: "count"; where?: { column: string; value: string } }
  /**
   * A number column, minus column `less`; with `where`, of rows in which that boolean column is true. Booleans count 1.
   * A missing number adds nothing; with `unknown`, rows none of which has a number result in null, not in 0.
   */
  | { kind: "sum"; column: string; less?: string; where?: string; unknown?: boolean }
  /**
   * Distinct visitors (anonymous ones once a day, as their id changes daily), people that an identify event had
   * named by then, or sessions (once a day).
   */
  | { kind: "distinct"; subject: "visitor" | "user" | "session" }
  /** An aggregate of the values of a field (a dimension or a number of the dataset). */
  | { kind: "field"; field: string; take: FieldTake };

/** `numbers`: rows whose value is a number; `unique`: distinct values. The others skip values that are not numbers. */
export type FieldTake = "numbers" | "unique" | "sum" | "min" | "max" | "median" | "p95";

/** A number that each row has besides its dimensions: a column, minus column `less`. */
export interface NumberField {
  name: string;
  label: string;
  description: string;
  unit: Unit;
  column: string;
  less?: string;
}

/** A mergeable aggregate over rows. */
export interface Measure {
  aggregate: Aggregate;
  /** Its name in rollup rows; a measure without one is computed from rows. */
  rollup?: { count: string } | { sets: readonly string[] };
  /**
   * Rollup dimension whose values together give the measure when it is not broken down; default: the bucket's
   * total. Its values must not share members.
   */
  whole?: string;
}

/** `up`: more is better. Null: neither. */
export type Good = "up" | "down" | null;

export interface Metric {
  name: string;
  label: string;
  /** The counting rule in one sentence. */
  description: string;
  unit: Unit;
  format: (typeof METRIC_FORMATS)[number];
  good: Good;
  /**
   * A measure, or the first measure's sum divided by the second's: null when that is 0. `less`: the sum of this measure
   * is subtracted from the first's. `times`: a factor, for example 1000 for a cost per thousand.
   */
  value: { measure: string } | { ratio: readonly [string, string]; less?: string; times?: number };
}

/** Where the rows of a dataset are stored that is built from source records and replaced in parts when these change. */
export interface Mart {
  /** Datasets of the lake with the same rows, the cheapest first: the first that has all requested columns is read. */
  levels: readonly string[];
  /** Of these, levels whose rows are sums of rows of others: only additive measures are read from them. */
  sums: readonly string[];
  /**
   * `calendar`: the time column contains UTC midnights that represent calendar days; they are read as midnights of the
   * query's time zone. `instant`: it contains instants.
   */
  time: "calendar" | "instant";
}

export interface Dataset {
  name: string;
  label: string;
  description: string;
  /** Where its rows are: a dataset of the lake that is computed as events arrive, or a mart. */
  lake: string | Mart;
  /** The time column. */
  time: string;
  /** Stored rows that are not part of the dataset. */
  except?: { column: string; value: string };
  /** Rows that are excluded from every number unless a filter or a dimension of the query names the dimension. */
  unlessNamed?: { dimension: string; value: string };
  dimensions: Readonly<Record<string, Dimension>>;
  /** Builds `property:<key>`; absent: the dataset has no properties. */
  property?: (key: string) => Dimension;
  /** Numeric fields, besides dimensions that contain numbers. */
  numbers?: Readonly<Record<string, NumberField>>;
  measures: Readonly<Record<string, Measure>>;
  metrics: Readonly<Record<string, Metric>>;
}

/** The mart of the dataset; null if its rows are computed from events. */
export const martOf = ({ lake }: Dataset): Mart | null => (typeof lake === "string" ? null : lake);

/** The measures that a metric uses. */
export function measuresOf(metric: Metric): readonly string[] {
  if ("measure" in metric.value) return [metric.value.measure];
  const { ratio, less } = metric.value;
  return less === undefined ? ratio : [...ratio, less];
}

/** The metric's value from the values of its measures. A ratio is the ratio of sums; null when the denominator is 0. */
export function metricValue(metric: Metric, measure: (name: string) => number | null): number | null {
  if ("measure" in metric.value) return measure(metric.value.measure);
  const { ratio, less, times = 1 } = metric.value;
  const [above, below] = ratio.map(measure);
  const off = less === undefined ? 0 : measure(less);
  return above == null || off == null || !below ? null : ((above - off) / below) * times;
}

/** Keys a list by name. */
export function byName<T extends { name: string }>(items: readonly T[]): Record<string, T> {
  return Object.fromEntries(items.map((item) => [item.name, item]));
}
