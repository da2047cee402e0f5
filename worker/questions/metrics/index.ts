/**
 * The semantic layer: datasets, their dimensions, measures and metrics. No storage, no HTTP.
 * @module
 */
export { type BaseMetric, subjectsOf } from "./aggregation";
export { type Catalog, catalog, catalogSchema } from "./catalog";
export * from "./dataset";
export {
  basesOf,
  type DefinitionFault,
  Definitions,
  mentionedIn,
  type Resolved,
  resolvedValue,
  unitOf,
} from "./definitions";
export { type About, AGGREGATION_WORDS, aboutRule } from "./explain";
export {
  emptyValue,
  findField,
  isFieldMeasure,
  measureNamed,
  numberIn,
} from "./fields";
export * from "./formula";
export {
  DATASETS,
  findDataset,
  findDimension,
  findMetric,
  isUnknown,
  type UnknownName,
} from "./registry";
