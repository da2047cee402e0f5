/**
 * What metrics can be taken of: dimensions, numbers and properties with values that the project has seen lately.
 * @module
 */

import type { Query } from "../../../schema/wire/query";
import type { Stores } from "../../lib/stores";
import type { RowOf } from "../../pipeline/lake";
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
import { sampleProperties } from "./execute/lake/sample";
import { retryAfterMerge } from "./execute/retry";
import type { ProjectState } from "./execute/snapshot-store";
import { unitIn } from "./format/result";
import { listSessions } from "./lists";
import type { QueryContext } from "./parse/query";
import { isRefusal } from "./parse/refusal";

/** Values that are told of a field. */
const EXAMPLES = 5;
/** Characters of a value that are told. */
const MAX_LENGTH = 100;
/** How far back is looked. */
const RANGE = "30d";
/** A field whose values are numbers in at least this share of rows is called one. */
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

/** Fields of a dataset that aggregations can be taken of, and whom `unique` counts besides. */
export async function listFields(
  stores: Stores,
  asker: QueryContext,
  standing: ProjectState,
  dataset: Dataset,
): Promise<{ data: FieldSeen[]; subjects: string[] }> {
  const [dimensions, numbers, properties] = await Promise.all([
    dimensionsSeen(stores, asker, standing, dataset),
    numbersSeen(stores, asker, standing, dataset),
    dataset.property ? propertiesSeen(stores, asker, standing, dataset) : [],
  ]);
  return { data: [...numbers, ...properties, ...dimensions], subjects: subjectsOf(dataset) };
}

/** Dimensions that a row has one value of. What belongs to the visit is asked of the dataset whose rollups keep it. */
async function dimensionsSeen(
  stores: Stores,
  asker: QueryContext,
  standing: ProjectState,
  dataset: Dataset,
): Promise<FieldSeen[]> {
  const dimensions = Object.values(dataset.dimensions).filter(
    ({ origin }) => origin.kind === "column" || (origin.kind === "related" && !origin.many),
  );
  const queries = Object.fromEntries(dimensions.map((one) => [one.name, valuesQuery(dataset, one)]));
  // Of events rollups or nothing: a list of names must not cost a scan. Marts are small, and read in one pass.
  const budget = martOf(dataset) ? undefined : { rows: 0, cells: 0 };
  const found = await answer(stores, asker, queries, { standing, budget });
  return dimensions.map(({ name, label, description }): FieldSeen => {
    const one = found[name];
    const rows = one && "result" in one ? one.result.rows : [];
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

/** Numbers that rows have beside their dimensions, of the newest rows. */
async function numbersSeen(
  stores: Stores,
  asker: QueryContext,
  standing: ProjectState,
  { numbers = {}, lake }: Dataset,
): Promise<FieldSeen[]> {
  const fields = Object.values(numbers);
  if (typeof lake !== "string") return fields.map((field) => withoutValues(field, asker));
  if (!fields.length || lake !== "sessions") return [];
  const page = await listSessions(stores, asker, standing, { query: { range: RANGE }, limit: EXAMPLES });
  const rows: RowOf<"sessions">[] = isRefusal(page) ? [] : page.rows;
  return fields.map(({ name, label, description, unit, column, less }): FieldSeen => {
    const examples = rows.map((row) =>
      String(Number(cellOf(row, column)) - (less ? Number(cellOf(row, less)) : 0)),
    );
    return { name, label, description, type: "number", unit, examples };
  });
}

/** A number of a mart: its days and amounts say little one by one. */
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
  asker: QueryContext,
  standing: ProjectState,
  dataset: Dataset,
): Promise<FieldSeen[]> {
  const keys = await retryAfterMerge(() => sampleProperties(stores, asker, standing, dataset));
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
