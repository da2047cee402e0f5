/**
 * What a dataset declares: the names one may group and filter by, the names one may count, and where both stand
 * in storage. Adding a dataset is writing one of these; nothing in worker/query names a dataset.
 * @module
 */
import type { METRIC_FORMATS, Unit } from "../../schema/wire/metric";
import type { Granularity } from "../../schema/wire/query";

/** Where the values of a dimension come from. */
export type Origin =
  /** A column of the dataset's own rows. */
  | { kind: "column"; column: string }
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
  /** A number column, `less` another one. Booleans count 1. A missing number adds nothing. */
  | { kind: "sum"; column: string; less?: string }
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
  /** A measure, or the first measure's sum over the second's: null when that is 0. */
  value: { measure: string } | { ratio: readonly [string, string] };
}

export interface Dataset {
  name: string;
  label: string;
  description: string;
  /** Dataset of the lake that holds its rows, and the column that says when. */
  lake: string;
  time: string;
  /** Rows that are stored beside the others and are not of the dataset. */
  except?: { column: string; value: string };
  dimensions: Readonly<Record<string, Dimension>>;
  /** Builds `property:<key>`; left out: the dataset has no properties. */
  property?: (key: string) => Dimension;
  /** What can be added up, averaged and so on beside dimensions that hold numbers. */
  numbers?: Readonly<Record<string, NumberField>>;
  measures: Readonly<Record<string, Measure>>;
  metrics: Readonly<Record<string, Metric>>;
}

/** Measures that a metric is made of. */
export function measuresOf(metric: Metric): readonly string[] {
  return "measure" in metric.value ? [metric.value.measure] : metric.value.ratio;
}

/** The metric's value from the values of its measures. A ratio is the ratio of sums; over nothing it is null. */
export function metricValue(metric: Metric, measure: (name: string) => number | null): number | null {
  if ("measure" in metric.value) return measure(metric.value.measure);
  const [above, below] = metric.value.ratio.map(measure);
  return above == null || !below ? null : above / below;
}

/** Keys a list by name. */
export function byName<T extends { name: string }>(items: readonly T[]): Record<string, T> {
  return Object.fromEntries(items.map((item) => [item.name, item]));
}
