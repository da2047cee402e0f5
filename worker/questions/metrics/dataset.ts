/**
 * What a dataset declares: the names one may group and filter by, the names one may count, and where both stand
 * in storage. Adding a dataset is writing one of these; nothing in worker/questions/query names a dataset.
 * @module
 */
import type { METRIC_FORMATS, Unit } from "../../../schema/wire/metric";
import type { Granularity } from "../../../schema/wire/query";

/** Where the values of a dimension come from. */
export type Origin =
  /** A column of the dataset's own rows; of a `flag`, which holds booleans, the values are `true` and `false`. */
  | { kind: "column"; column: string; flag?: boolean }
  /** A key of the JSON object in a column of the dataset's own rows. */
  | { kind: "property"; column: string; key: string }
  /** The start of the bucket that holds the row. */
  | { kind: "time"; grain: Granularity }
  /**
   * A dimension of another dataset, reached through the session: the one an event belongs to, or, asked of sessions,
   * "has an event with". Where a row has `many`, it can be filtered by and not broken down by.
   */
  | { kind: "related"; dataset: string; dimension: string; many: boolean };

export interface Dimension {
  name: string;
  label: string;
  /** One sentence that a person understands. */
  description: string;
  origin: Origin;
  /** Whether "none" is a value of its own in a breakdown or left out of it. */
  nulls: "keep" | "omit";
}

/** What is added up. */
export type Aggregate =
  /** Rows, all or those whose column has a value. */
  | { kind: "count"; where?: { column: string; value: string } }
  /**
   * A number column, `less` another one; with `where`, of rows in which that boolean column is true. Booleans count 1. A
   * missing number adds nothing; where `unknown`, rows none of which has a number come to none, not to 0.
   */
  | { kind: "sum"; column: string; less?: string; where?: string; unknown?: boolean }
  /**
   * Distinct visitors (anonymous ones once a day, as their id changes daily), people that an identify event had
   * named by then, or sessions (once a day).
   */
  | { kind: "distinct"; subject: "visitor" | "user" | "session" }
  /** What is taken of the values of a field (a dimension or a number of the dataset). */
  | { kind: "field"; field: string; take: FieldTake };

/** `numbers`: rows whose value is a number; `unique`: distinct values. The others pass over what is no number. */
export type FieldTake = "numbers" | "unique" | "sum" | "min" | "max" | "median" | "p95";

/** A number that each row has beside its dimensions: what a column holds, `less` another one. */
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
  /** What rollup rows call it; a measure without it is answered from rows. */
  rollup?: { count: string } | { sets: readonly string[] };
  /**
   * Rollup dimension whose values together answer the measure when it is not broken down; left out: the bucket's
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
   * A measure, or the first measure's sum over the second's: null when that is 0. `less`: the sum of this measure is taken off
   * the first's. `times`: of how many of the second it is said.
   */
  value: { measure: string } | { ratio: readonly [string, string]; less?: string; times?: number };
}

/** Where the rows of a dataset stand that is built of what sources say, and swapped in parts when they say more. */
export interface Mart {
  /** Datasets of the lake with the same rows, the cheapest first: the first that has all columns asked for is read. */
  levels: readonly string[];
  /** Of these, levels whose rows are sums of those of others: only what adds up is read from them. */
  sums: readonly string[];
  /**
   * `calendar`: the time column holds UTC midnights that stand for calendar days; they are read as midnights of the zone
   * that is asked in. `instant`: it holds moments.
   */
  time: "calendar" | "instant";
}

export interface Dataset {
  name: string;
  label: string;
  description: string;
  /** Where its rows are: a dataset of the lake that is folded as events come, or a mart. */
  lake: string | Mart;
  /** The column that says when. */
  time: string;
  /** Rows that are stored beside the others and are not of the dataset. */
  except?: { column: string; value: string };
  /** Rows that are left out of every number unless a filter or a dimension of the question names the dimension. */
  unlessNamed?: { dimension: string; value: string };
  dimensions: Readonly<Record<string, Dimension>>;
  /** Builds `property:<key>`; left out: the dataset has no properties. */
  property?: (key: string) => Dimension;
  /** What can be added up, averaged and so on beside dimensions that hold numbers. */
  numbers?: Readonly<Record<string, NumberField>>;
  measures: Readonly<Record<string, Measure>>;
  metrics: Readonly<Record<string, Metric>>;
}

/** The mart that holds the dataset's rows; null where events make them. */
export const martOf = ({ lake }: Dataset): Mart | null => (typeof lake === "string" ? null : lake);

/** Measures that a metric is made of. */
export function measuresOf(metric: Metric): readonly string[] {
  if ("measure" in metric.value) return [metric.value.measure];
  const { ratio, less } = metric.value;
  return less === undefined ? ratio : [...ratio, less];
}

/** The metric's value from the values of its measures. A ratio is the ratio of sums; over nothing it is null. */
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
