/**
 * Describes rules and units of metrics.
 * @module
 */
import type { Condition } from "../../../../schema/wire/filter";
import type { Aggregation, MetricRule } from "../../../../schema/wire/metric";

/** Labels of names. */
export interface Words {
  dataset: (name: string) => string;
  field: (name: string) => string;
  /** A condition as dimension, verb and value. */
  condition: (condition: Condition) => readonly string[];
}

const OF: Record<Exclude<Aggregation, "count">, string> = {
  unique: "Distinct values of",
  sum: "Sum of",
  average: "Average",
  min: "Minimum",
  max: "Maximum",
  median: "Median",
  p95: "95th percentile of",
};

/** `Sum of price in events where Event is purchase`; a formula is returned unchanged. */
export function ruleLabel(rule: MetricRule, conditions: Condition[] | null, words: Words): string {
  if (rule.kind === "formula") return rule.formula;
  const dataset = words.dataset(rule.dataset).toLowerCase();
  const field = rule.field === undefined ? "" : words.field(rule.field);
  const what =
    rule.aggregation === "count"
      ? field
        ? `Number of ${dataset} with ${field}`
        : `Number of ${dataset}`
      : `${OF[rule.aggregation]} ${field} in ${dataset}`;
  if (conditions === null) return `${what}, with nested filters`;
  const where = conditions.map((condition) => words.condition(condition).join(" "));
  return where.length > 0 ? `${what} where ${where.join(" and ")}` : what;
}

/** Returns the label of a unit. */
export function unitLabel(unit: string): string {
  if (unit.startsWith("currency:")) return unit.slice("currency:".length);
  return { count: "number", ratio: "ratio", ms: "time", currency: "money" }[unit] ?? unit;
}
