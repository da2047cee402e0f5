/**
 * Fields that metrics can aggregate: dimensions, numbers and properties, with recent values of the project.
 * @module
 */
import type { Query } from "../../../schema/wire/query";
import type { Stores } from "../../lib/stores";
import { type RowOf, retryAfterMerge } from "../../pipeline/lake";
import {
  type Dataset,
  type Dimension,
  findDimension,
  isUnknown,
  martOf,
  type NumberField,
  numberIn,
  subjectsOf,
} from "../metrics";
import { answer } from "./answer-queries";
import type { ProjectState } from "./execute";
import { sampleProperties } from "./execute/lake/sample";
import { unitIn } from "./format";
import { listSessions } from "./lists";
import type { QueryContext } from "./parse";
import { isRefusal } from "./parse/refusal";

/** Example values of a field. */
const EXAMPLES = 5;
/** Characters of an example. */
const MAX_LENGTH = 100;
/** Range of the examples. */
const RANGE = "30d";
/** Share of numbers among the values from which a field is a number. */
const MOSTLY = 0.9;

export interface FieldSeen {
  name: string;
  label: string;
  description: string;
  type: "number" | "string";
  unit?: string;
  /** Values of the project's own data, the most frequent or the newest first. */
  examples: string[];
}

/** Lists the fields that a dataset's aggregations can use, and the subjects that `unique` can count. */
export async function listFields(
  stores: Stores,
  context: QueryContext,
  state: ProjectState,
  dataset: Dataset,
): Promise<{ data: FieldSeen[]; subjects: string[] }> {
  const [dimensions, numbers, properties] = await Promise.all([
    dimensionsSeen(stores, context, state, dataset),
    numbersSeen(stores, context, state, dataset),
    dataset.property ? propertiesSeen(stores, context, state, dataset) : [],
  ]);
  return { data: [...numbers, ...properties, ...dimensions], subjects: subjectsOf(dataset) };
}

/** Dimensions of which a row has one value. Values of a visit's dimensions come from the dataset whose rollups have them. */
async function dimensionsSeen(
  stores: Stores,
  context: QueryContext,
  state: ProjectState,
  dataset: Dataset,
): Promise<FieldSeen[]> {
  const dimensions = Object.values(dataset.dimensions).filter(
    ({ origin }) => origin.kind === "column" || (origin.kind === "related" && !origin.many),
  );
  const queries = Object.fromEntries(dimensions.map((one) => [one.name, valuesQuery(dataset, one)]));
  // Events from rollups only: a list of names must not cost a scan. Marts are small, and read in one pass.
  const budget = martOf(dataset) ? undefined : { rows: 0, bytes: 0 };
  const found = await answer(stores, context, queries, { state, budget });
  return dimensions.map(({ name, label, description }): FieldSeen => {
    const one = found[name];
    const rows = one && !isRefusal(one) ? one.rows : [];
    const examples = rows.flatMap(([value]) => (value === null ? [] : [shortened(String(value))]));
    return { name, label, description, type: "string", examples };
  });
}

function valuesQuery({ name, measures }: Dataset, { name: dimension, origin }: Dimension): Query {
  const [rows = name] = Object.keys(measures);
  const home = origin.kind === "related" ? origin.dataset : name;
  const metric = home === name ? rows : home;
  return { dataset: home, metrics: [metric], dimensions: [dimension], range: RANGE, limit: EXAMPLES };
}

/** Numeric columns, with values of the newest rows. */
async function numbersSeen(
  stores: Stores,
  context: QueryContext,
  state: ProjectState,
  { numbers = {}, lake }: Dataset,
): Promise<FieldSeen[]> {
  const fields = Object.values(numbers);
  if (typeof lake !== "string") return fields.map((field) => withoutValues(field, context));
  if (!fields.length || lake !== "sessions") return [];
  const page = await listSessions(stores, context, state, { query: { range: RANGE }, limit: EXAMPLES });
  const rows: RowOf<"sessions">[] = isRefusal(page) ? [] : page.rows;
  return fields.map(({ name, label, description, unit, column, less }): FieldSeen => {
    const examples = rows.map((row) =>
      String(Number(cellOf(row, column)) - (less ? Number(cellOf(row, less)) : 0)),
    );
    return { name, label, description, type: "number", unit, examples };
  });
}

/** A number of a mart, without examples: single daily amounts are not informative. */
const withoutValues = (
  { name, label, description, unit }: NumberField,
  { currency }: QueryContext,
): FieldSeen => ({
  name,
  label,
  description,
  type: "number",
  unit: unitIn(unit, currency),
  examples: [],
});

const cellOf = (row: object, column: string): unknown => Reflect.get(row, column);

async function propertiesSeen(
  stores: Stores,
  context: QueryContext,
  state: ProjectState,
  dataset: Dataset,
): Promise<FieldSeen[]> {
  const keys = await retryAfterMerge(() => sampleProperties(stores, context, state, dataset));
  return keys.flatMap(({ key, values }): FieldSeen[] => {
    const dimension = findDimension(dataset, `property:${key}`);
    if (isUnknown(dimension)) return [];
    const { name, label, description } = dimension;
    const numbers = values.filter((value) => !Number.isNaN(numberIn(value)));
    const type = numbers.length >= values.length * MOSTLY ? "number" : "string";
    const examples = [...new Set(values)].slice(0, EXAMPLES).map(shortened);
    return [{ name, label, description, type, examples }];
  });
}

const shortened = (value: string) =>
  value.length > MAX_LENGTH ? `${value.slice(0, MAX_LENGTH - 1)}…` : value;
