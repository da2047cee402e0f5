/**
 * The ways to calculate, each in a sentence, with an example from values the reader knows.
 * @module
 */
import type { Aggregation } from "../../../../schema/wire/metric";

interface Way {
  label: string;
  /** What it does, as a sentence. */
  about: string;
}

export const WAYS = {
  count: { label: "Count", about: "How many rows there are; with a field, how many have it." },
  unique: {
    label: "Unique",
    about: "How many different values the field has. Ten rows of one person count once.",
  },
  sum: { label: "Sum", about: "All values of the field added up." },
  average: {
    label: "Average",
    about: "The sum divided by the number of values. A few very large ones pull it up.",
  },
  min: { label: "Smallest", about: "The smallest value of the field." },
  max: { label: "Largest", about: "The largest value of the field." },
  median: {
    label: "Median",
    about: "The value in the middle: half are smaller, half are larger. Outliers do not move it.",
  },
  p95: {
    label: "95th percentile",
    about: "95 of 100 values are no larger: what all but the slowest or dearest see.",
  },
} as const satisfies Record<Aggregation, Way>;
export const WAY_NAMES = Object.keys(WAYS) as Aggregation[];

/** Values an example is made of at most: more than this nobody checks in their head. */
const SHOWN = 5;

/** Text as a number, or null when it is none. */
export function numeric(value: string): number | null {
  const trimmed = value.trim();
  if (trimmed === "") return null;
  const number = Number(trimmed);
  return Number.isFinite(number) ? number : null;
}

/** Values that an aggregation can use, as many as an example shows. */
export function usable(aggregation: Aggregation, values: readonly string[]): string[] {
  const fits =
    aggregation === "count" || aggregation === "unique"
      ? values
      : values.filter((value) => numeric(value) !== null);
  return fits.slice(0, SHOWN);
}

/** What the aggregation makes of the values; null when none of them can be used. Quantiles take the nearest rank. */
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

/** `Of 12, 30 and 45 it is 29.` Undefined when there are too few values to say anything. `write` writes a number. */
export function example(
  aggregation: Aggregation,
  values: readonly string[],
  write: (value: number) => string,
  list: (items: string[]) => string,
): string | undefined {
  const shown = usable(aggregation, values);
  const result = apply(aggregation, shown);
  if (shown.length < 2 || result === null) return undefined;
  const said = shown.map((value) => {
    const number = numeric(value);
    return number === null || aggregation === "unique" ? `“${value}”` : write(number);
  });
  return `Of ${list(said)} it is ${write(result)}.`;
}
