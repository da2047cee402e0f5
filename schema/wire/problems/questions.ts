/**
 * Problems of queries, metrics and formulas.
 * @module
 */
import type { ProblemTable } from "./table";

export const QUESTION_PROBLEMS = {
  unknown_name: [422, "A name is not known"],
  budget_exceeded: [422, "The query would read more than its budget"],
  memory_exceeded: [422, "The groups of the query do not fit into memory"],
  query_invalid: [400, "The query is not valid"],
  too_many_queries: [400, "The batch has too many queries"],
  dataset_required: [400, "The query has no dataset"],
  range_invalid: [400, "The range is not valid"],
  time_zone_unknown: [400, "The time zone is not known"],
  cursor_invalid: [400, "The cursor is not valid"],
  filter_value_invalid: [400, "The value does not fit the filter's operator"],
  too_many_conditions: [400, "The filter has too many conditions"],
  filter_on_time: [422, "Time cannot be filtered by a condition"],
  filter_not_combinable: [422, "These conditions cannot be combined"],
  granularity_conflict: [422, "The query has more than one granularity"],
  granularity_not_supported: [422, "The dataset does not have this granularity"],
  too_many_buckets: [422, "The range has too many time buckets"],
  too_many_cells: [422, "The result has too many cells"],
  query_too_deep: [422, "The query is nested too deeply"],
  dimension_not_groupable: [422, "The dimension can be used as a filter only"],
  names_not_combinable: [422, "These dimensions and metrics cannot be combined"],
  definition_invalid: [422, "The definition is not valid"],
  metric_has_no_data: [422, "The metric uses no data"],
  too_many_parts: [422, "The query uses too many combinations of dataset and filter"],
} as const satisfies ProblemTable;
