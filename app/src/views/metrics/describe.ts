/**
 * Describes a rule with the labels of the catalog and of the filters.
 * @module
 */
import type { MetricRule } from "../../../../schema/wire/metric";
import type { Catalogue } from "../../../../worker/questions/metrics";
import { conditionsOf } from "../../query-state";
import { dimensionLabel } from "../explore/cards";
import { filterWords } from "../explore/filters";
import { ruleLabel } from "./labels";

/** Describes what the metric counts, without a final period. */
export function describe(rule: MetricRule, catalogue: Catalogue): string {
  const conditions = rule.kind === "aggregate" ? conditionsOf(rule.filters) : null;
  return ruleLabel(rule, conditions, {
    dataset: (name) => catalogue.datasets.find((dataset) => dataset.name === name)?.label ?? name,
    field: (name) => fieldLabel(name, catalogue),
    condition: filterWords,
  });
}

/** Returns the catalog's label of a field, else its name without the prefix. */
function fieldLabel(name: string, catalogue: Catalogue): string {
  for (const { dimensions } of catalogue.datasets) {
    const known = dimensions.find((dimension) => dimension.name === name);
    if (known) return known.label;
  }
  return dimensionLabel(name);
}
