/**
 * Aggregations with their labels and descriptions, and examples calculated from sample values.
 * @module
 */
import type { Aggregation } from "../../../../schema/wire/metric";

interface AggregationLabel {
  label: string;
  about: string;
}

export const AGGREGATIONS = {
  count: { label: "Count", about: "Number of rows; with a field, number of rows that have it." },
  unique: {
    label: "Unique",
    about: "Number of distinct values of the field.",
  },
  sum: { label: "Sum", about: "Sum of the values of the field." },
  average: {
    label: "Average",
    about: "The sum divided by the number of values. Sensitive to outliers.",
  },
  min: { label: "Minimum", about: "The smallest value of the field." },
  max: { label: "Maximum", about: "The largest value of the field." },
  median: {
    label: "Median",
    about: "The middle value. Not sensitive to outliers.",
  },
  p95: {
    label: "95th percentile",
    about: "95% of the values are at or below this value.",
  },
} as const satisfies Record<Aggregation, AggregationLabel>;
export const AGGREGATION_NAMES = Object.keys(AGGREGATIONS) as Aggregation[];

/** Maximum number of values in an example. */
const SHOWN = 5;

/** Parses a number; null when the text is not a number. */
export function numeric(value: string): number | null {
  const trimmed = value.trim();
  if (trimmed === "") return null;
  const number = Number(trimmed);
  return Number.isFinite(number) ? number : null;
}

/** Returns the values that an aggregation can use, up to the number an example shows. */
export function usable(aggregation: Aggregation, values: readonly string[]): string[] {
  const fits =
    aggregation === "count" || aggregation === "unique"
      ? values
      : values.filter((value) => numeric(value) !== null);
  return fits.slice(0, SHOWN);
}

/** Aggregates the values; null when none of them can be used. Quantiles use the nearest rank. */
export function apply(aggregation: Aggregation, values: readonly string[]): number | null {
  if (aggregation === "count") return values.length;
  if (aggregation === "unique") return new Set(values).size;
  const numbers = values.flatMap((value) => numeric(value) ?? []).sort((a, b) => a - b);
  const last = numbers.length - 1;
  if (last < 0) return null;
  const sum = numbers.reduce((all, each) => all + each, 0);
  switch (aggregation) {
    case "sum":
      return sum;
    case "average":
      return sum / numbers.length;
    case "min":
      return numbers[0] ?? null;
    case "max":
      return numbers[last] ?? null;
    case "median":
      return numbers[Math.ceil(0.5 * numbers.length) - 1] ?? null;
    case "p95":
      return numbers[Math.ceil(0.95 * numbers.length) - 1] ?? null;
  }
}

/** `12, 30 and 45 → 29`. Undefined for fewer than two usable values. `write` formats a number. */
export function example(
  aggregation: Aggregation,
  values: readonly string[],
  write: (value: number) => string,
  list: (items: string[]) => string,
): string | undefined {
  const shown = usable(aggregation, values);
  const result = apply(aggregation, shown);
  if (shown.length < 2 || result === null) return undefined;
  const inputs = shown.map((value) => {
    const number = numeric(value);
    return number === null || aggregation === "unique" ? `“${value}”` : write(number);
  });
  return `${list(inputs)} → ${write(result)}`;
}
