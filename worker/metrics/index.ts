/**
 * The semantic layer: datasets, their dimensions, measures and metrics. Pure: no storage, no HTTP.
 * @module
 */
export { type Catalogue, catalogue, catalogueSchema } from "./catalogue";
export * from "./dataset";
export { nearest } from "./nearest";
export {
  DATASETS,
  findDataset,
  findDimension,
  findMetric,
  isUnknown,
  type UnknownName,
} from "./registry";
