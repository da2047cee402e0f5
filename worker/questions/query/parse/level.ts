/**
 * Chooses the level of a mart that is read: the cheapest one with all requested columns. No I/O.
 * @module
 */

import { DATASETS as LAKE, type Dataset as LakeDataset } from "../../../pipeline/lake";
import { type Dataset, type Dimension, findField, type Mart, measureNamed, measuresOf } from "../../metrics";
import { columnOf, dimensionNamed, fieldsIn, measureColumns } from "../dataset-columns";
import { dimensionsOf } from "./filter";
import type { QueryPart } from "./parsed-query";
import { type Refusal, refuse } from "./refusal";

/** Returns the level to read, or a refusal when no level has all requested columns. */
export function levelOf(
  mart: Mart,
  part: QueryPart,
  dimensions: readonly Dimension[],
): LakeDataset | Refusal {
  const { dataset, metrics } = part;
  const isSum = metrics.flatMap(measuresOf).every((name) => addsUp(dataset, name));
  const levels = mart.levels.filter(isStored).filter((level) => isSum || !mart.sums.includes(level));
  const needs = needsOf(part, dimensions);
  const has = (level: LakeDataset, columns: readonly string[]) =>
    columns.every((column) => Object.hasOwn(LAKE[level].columns, column));
  const found = levels.find((level) => needs.every(({ columns }) => has(level, columns)));
  if (found) return found;
  const apart = needs.filter(({ columns }) => !levels.every((level) => has(level, columns)));
  const names = [...new Set(apart.map(({ name }) => name))];
  return refuse(
    "names_not_combinable",
    "dimensions",
    `${names.map((name) => `\`${name}\``).join(" and ")} cannot be combined: the platforms report them separately. Use one of them`,
  );
}

/** Whether a measure gives the same number over sums of rows as over the rows themselves. */
function addsUp(dataset: Dataset, name: string): boolean {
  const { aggregate } = measureNamed(dataset, name);
  if (aggregate.kind !== "field") return aggregate.kind === "sum";
  const isDimension = "dimension" in findField(dataset, aggregate.field);
  return aggregate.take === "sum" ? !isDimension : aggregate.take === "unique" && isDimension;
}

/** Whether the lake has this dataset. */
export const isStored = (level: string): level is LakeDataset => Object.hasOwn(LAKE, level);

/** The columns that each requested name needs. */
function needsOf({ dataset, metrics, filter }: QueryPart, dimensions: readonly Dimension[]) {
  const measures = metrics.flatMap(measuresOf);
  const names = [
    ...dimensions.map(({ name }) => name),
    ...dimensionsOf(filter),
    ...fieldsIn(dataset, measures),
  ];
  return [
    ...names.map((name) => ({ name, columns: [columnOf(dimensionNamed(dataset, name))] })),
    ...measures.map((name) => ({ name, columns: measureColumns(dataset, name) })),
  ];
}
