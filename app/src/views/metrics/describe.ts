/**
 * A rule in the words of the pages: labels of the catalogue, verbs of the filters.
 * @module
 */
import type { MetricRule } from "../../../../schema/wire/metric";
import type { Catalogue } from "../../../../worker/questions/metrics";
import { conditionsOf } from "../../query-state";
import { dimensionLabel } from "../explore/cards";
import { filterWords } from "../explore/filters";
import { ruleWords } from "./labels";

/** What the metric counts, as a sentence without its full stop. */
export function describe(rule: MetricRule, catalogue: Catalogue): string {
  const conditions = rule.kind === "aggregate" ? conditionsOf(rule.filters) : null;
  return ruleWords(rule, conditions, {
    dataset: (name) => catalogue.datasets.find((dataset) => dataset.name === name)?.label ?? name,
    field: (name) => fieldLabel(name, catalogue),
    condition: filterWords,
  });
}

/** A field in words: the catalogue's label, else the name without its prefix. */
function fieldLabel(name: string, catalogue: Catalogue): string {
  for (const { dimensions } of catalogue.datasets) {
    const known = dimensions.find((dimension) => dimension.name === name);
    if (known) return known.label;
  }
  return dimensionLabel(name);
}
