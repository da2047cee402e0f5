/**
 * State of queries that explore, dashboards and metrics share: range, comparison, filters, buckets and values of results.
 * @module
 */
export { longBucket, shortBucket } from "./bucket-labels";
export { isOpen } from "./buckets";
export {
  conditionFor,
  conditionsOf,
  filterText,
  joined,
  parseFilter,
  VERB_NAMES,
  VERBS,
  type Verb,
  withFilter,
} from "./filters";
export {
  COMPARISONS,
  type Comparison,
  type CustomRange,
  GRAINS,
  grainOf,
  RANGES,
  type SelectedRange,
  selectedRange,
} from "./range";
export { changeOf, isResult, type Measured, numberOf, PREVIOUS } from "./result";
export { isKey, parseQueryState, type QueryState, querySearch } from "./url";
