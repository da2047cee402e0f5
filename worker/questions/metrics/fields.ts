/**
 * Fields of aggregations, and measures over fields.
 * @module
 */

import { nearest } from "../../../schema/wire/nearest";
import type { Dataset, Dimension, FieldTake, Measure, NumberField } from "./dataset";
import { findDimension, isUnknown, type UnknownName } from "./registry";

/** A field: a number of the dataset, or a dimension whose values are aggregated. */
export type Field = { number: NumberField } | { dimension: Dimension };

/** A number of the dataset, a dimension or `property:<key>`. */
export function findField(dataset: Dataset, name: string): Field | UnknownName {
  const numbers = dataset.numbers ?? {};
  const number = Object.hasOwn(numbers, name) ? numbers[name] : undefined;
  if (number) return { number };
  const dimension = findDimension(dataset, name);
  if (!isUnknown(dimension)) return { dimension };
  const known = [...Object.keys(numbers), ...Object.keys(dataset.dimensions)];
  return { ...dimension, nearest: nearest(name, known) };
}

/** The name of a measure over a field, as in `sum(property:price)`. Declared measures have no parentheses. */
export const fieldMeasure = (take: FieldTake, field: string) => `${take}(${field})`;

const FIELD_MEASURE = /^(numbers|unique|sum|min|max|median|p95)\((.*)\)$/s;

/** Whether a measure aggregates a field's values. */
export const isFieldMeasure = (measure: string) => FIELD_MEASURE.test(measure);

/** A declared measure of the dataset, or one over a field. @throws when there is none: names are checked before */
export function measureNamed(dataset: Dataset, name: string): Measure {
  const declared = dataset.measures[name];
  if (declared) return declared;
  const [, take, field] = FIELD_MEASURE.exec(name) ?? [];
  if (take === undefined || field === undefined)
    throw new Error(`metrics: ${dataset.name} has no measure ${name}`);
  return { aggregate: { kind: "field", take: take as FieldTake, field } };
}

/** The value of a measure over no rows: 0 for counts and sums, null for the others. */
export function emptyValue({ aggregate }: Measure): 0 | null {
  const isNone = aggregate.kind === "field" && !["numbers", "unique", "sum"].includes(aggregate.take);
  return isNone ? null : 0;
}

const NUMBER = /^\s*[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?\s*$/i;

/** Parses a value as a number. NaN for other text, hexadecimal and infinities. */
export function numberIn(value: string | null): number {
  if (value === null || !NUMBER.test(value)) return Number.NaN;
  const number = Number(value);
  return Number.isFinite(number) ? number : Number.NaN;
}
