/**
 * What a metric counts, in plain words.
 * @module
 */
import type { Condition } from "../../../../schema/wire/filter";
import type { Aggregation, MetricRule } from "../../../../schema/wire/metric";

/** Names as people know them. */
export interface Words {
  dataset: (name: string) => string;
  field: (name: string) => string;
  /** A condition as dimension, verb and value. */
  condition: (condition: Condition) => readonly string[];
}

const OF: Record<Exclude<Aggregation, "count">, string> = {
  unique: "Different values of",
  sum: "Sum of",
  average: "Average",
  min: "Smallest",
  max: "Largest",
  median: "Median",
  p95: "95th percentile of",
};

/** `Sum of price over events where Event is purchase`. A formula is its own words. */
export function ruleWords(rule: MetricRule, conditions: Condition[] | null, words: Words): string {
  if (rule.kind === "formula") return rule.formula;
  const dataset = words.dataset(rule.dataset).toLowerCase();
  const field = rule.field === undefined ? "" : words.field(rule.field);
  const what =
    rule.aggregation === "count"
      ? field
        ? `Number of ${dataset} with ${field}`
        : `Number of ${dataset}`
      : `${OF[rule.aggregation]} ${field} over ${dataset}`;
  if (conditions === null) return `${what}, of those that a combination of filters keeps`;
  const where = conditions.map((condition) => words.condition(condition).join(" "));
  return where.length > 0 ? `${what} where ${where.join(" and ")}` : what;
}

/** A unit in words; what it means stands beside the choice. */
export function unitWords(unit: string): string {
  if (unit.startsWith("currency:")) return unit.slice("currency:".length);
  return { count: "number", ratio: "ratio", ms: "time", currency: "money" }[unit] ?? unit;
}
