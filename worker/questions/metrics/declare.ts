/**
 * Helpers to declare datasets.
 * @module
 */
import type { Dimension, Measure, Metric, NumberField } from "./dataset";

/** A numeric field. */
export const number = (
  name: string,
  label: string,
  description: string,
  shape: Pick<NumberField, "unit" | "column" | "less">,
): NumberField => ({ name, label, description, ...shape });

/** A metric. */
export const metric = (
  name: string,
  label: string,
  description: string,
  shape: Pick<Metric, "unit" | "format" | "good" | "value">,
): Metric => ({ name, label, description, ...shape });

/** A count, of which more is better. */
export const count = (measure: string) =>
  ({ unit: "count", format: "integer", good: "up", value: { measure } }) as const;

/** An amount in the project's currency. */
export const money = (value: Metric["value"], good: Metric["good"]) =>
  ({ unit: "currency", format: "currency", good, value }) as const;

/** A share, as a percentage. */
export const share = (ratio: readonly [string, string], good: Metric["good"] = "up") =>
  ({ unit: "ratio", format: "percent", good, value: { ratio } }) as const;

/** The sum of a column. */
export const sum = (column: string): Measure => ({ aggregate: { kind: "sum", column } });

/** The sum of amounts, of rows in which the column `where` is true if given; null without an exchange rate. */
export const amounts = (column: string, where?: string): Measure => ({
  aggregate: { kind: "sum", column, unknown: true, ...(where !== undefined && { where }) },
});

/** A column as a dimension that has null as a value. */
export const own = (name: string, column: string, label: string, description: string): Dimension => ({
  name,
  label,
  description,
  origin: { kind: "column", column },
  nulls: "keep",
});

/** A column of booleans as a dimension. */
export const flag = (name: string, column: string, label: string, description: string): Dimension => ({
  name,
  label,
  description,
  origin: { kind: "column", column, flag: true },
  nulls: "keep",
});
