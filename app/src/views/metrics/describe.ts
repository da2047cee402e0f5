/**
 * Describes a rule with the labels of the catalog and of the filters.
 * @module
 */
import type { MetricRule } from "../../../../schema/wire/metric";
import type { Catalog } from "../../../../worker/questions/metrics";
import { conditionsOf } from "../../query-state";
import { dimensionLabel } from "../explore/cards";
import { filterWords } from "../explore/filters";
import { ruleLabel } from "./labels";

/** Describes what the metric counts, without a final period. */
export function describe(rule: MetricRule, catalog: Catalog): string {
  const conditions = rule.kind === "aggregate" ? conditionsOf(rule.filters) : null;
  return ruleLabel(rule, conditions, {
    dataset: (name) => catalog.datasets.find((dataset) => dataset.name === name)?.label ?? name,
    field: (name) => fieldLabel(name, catalog),
    condition: filterWords,
  });
}

/** Returns the catalog's label of a field, else its name without the prefix. */
function fieldLabel(name: string, catalog: Catalog): string {
  for (const { dimensions } of catalog.datasets) {
    const known = dimensions.find((dimension) => dimension.name === name);
    if (known) return known.label;
  }
  return dimensionLabel(name);
}
