/**
 * Which columns of the lake a dimension or measure is read from.
 * @module
 */
import {
  DATASETS,
  type Dataset,
  type Dimension,
  findDimension,
  findField,
  isUnknown,
  measureNamed,
} from "../metrics";

/** Returns the dimension of a checked name. */
export function dimensionNamed(dataset: Dataset, name: string): Dimension {
  const dimension = findDimension(dataset, name);
  if (isUnknown(dimension)) throw new Error(`query: dimension ${name} of ${dataset.name} was not checked`);
  return dimension;
}

/** Returns the dimension of the other dataset that a related one refers to. */
export function relatedDimension({ name, origin }: Dimension): Dimension {
  if (origin.kind !== "related") throw new Error(`query: ${name} is not related`);
  return dimensionNamed(DATASETS[origin.dataset]!, origin.dimension);
}

/** The column that a dimension is read from. */
export function columnOf({ name, origin }: Dimension): string {
  if (origin.kind === "column" || origin.kind === "property") return origin.column;
  throw new Error(`query: ${name} has no column`);
}

/** The columns that a measure is computed from, besides those of dimensions. */
export function measureColumns(dataset: Dataset, name: string): string[] {
  const { aggregate } = measureNamed(dataset, name);
  switch (aggregate.kind) {
    case "count":
      return aggregate.where ? [aggregate.where.column] : [];
    case "sum":
      return [aggregate.column, aggregate.less, aggregate.where].filter((column) => column !== undefined);
    case "distinct":
      return aggregate.subject === "session" ? [] : ["visitor_id", "distinct_id"];
    case "field": {
      const field = findField(dataset, aggregate.field);
      if (!("number" in field)) return [];
      return field.number.less ? [field.number.column, field.number.less] : [field.number.column];
    }
  }
}

/** The dimensions whose values measures aggregate. */
export function fieldsIn(dataset: Dataset, measures: readonly string[]): string[] {
  return measures.flatMap((name) => {
    const { aggregate } = measureNamed(dataset, name);
    if (aggregate.kind !== "field") return [];
    return "dimension" in findField(dataset, aggregate.field) ? [aggregate.field] : [];
  });
}
