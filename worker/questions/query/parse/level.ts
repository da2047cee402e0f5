/**
 * Which level of a mart answers: the cheapest whose rows hold everything that is asked. No I/O.
 * @module
 */

import { DATASETS as LAKE, type Dataset as LakeDataset } from "../../../pipeline/lake";
import { type Dataset, findField, type Mart, measureNamed, measuresOf } from "../../metrics";
import { columnOf, dimensionNamed, fieldsIn, measureColumns } from "../plan/reads";
import { dimensionsOf } from "./filter";
import type { Question } from "./query";
import { type Refusal, refuse } from "./refusal";

/** What a question needs of rows. */
type Asked = Pick<Question, "metrics" | "dimensions" | "filter">;

/** The level to read, or why none holds all that is asked. */
export function levelOf(dataset: Dataset, mart: Mart, asked: Asked): LakeDataset | Refusal {
  const isSum = asked.metrics.flatMap(measuresOf).every((name) => addsUp(dataset, name));
  const levels = mart.levels.filter(isStored).filter((level) => isSum || !mart.sums.includes(level));
  const needs = needsOf(dataset, asked);
  const has = (level: LakeDataset, columns: readonly string[]) =>
    columns.every((column) => Object.hasOwn(LAKE[level].columns, column));
  const found = levels.find((level) => needs.every(({ columns }) => has(level, columns)));
  if (found) return found;
  const apart = needs.filter(({ columns }) => !levels.every((level) => has(level, columns)));
  const names = [...new Set(apart.map(({ name }) => name))].join(" and ");
  return refuse(
    "unprocessable",
    "dimensions",
    `${names} are not told together: sources say what each did, not what they did with each other. Ask for one of them`,
  );
}

/** Whether a measure of sums of rows is that of the rows themselves: values of dimensions are the same in both. */
function addsUp(dataset: Dataset, name: string): boolean {
  const { aggregate } = measureNamed(dataset, name);
  if (aggregate.kind !== "field") return aggregate.kind === "sum";
  const isDimension = "dimension" in findField(dataset, aggregate.field);
  return aggregate.take === "sum" ? !isDimension : aggregate.take === "unique" && isDimension;
}

/** Whether the lake has it. */
export const isStored = (level: string): level is LakeDataset => Object.hasOwn(LAKE, level);

/** The columns that each name of the question stands for. */
function needsOf(dataset: Dataset, { metrics, dimensions, filter }: Asked) {
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
