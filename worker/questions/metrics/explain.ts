/**
 * Describes rules in one sentence.
 * @module
 */
import type { Filter } from "../../../schema/wire/filter";
import type { Aggregation, METRIC_FORMATS, MetricRule, Unit } from "../../../schema/wire/metric";
import { basesOf, formatOfResolved, type Resolved, unitOf } from "./definitions";
import { namesIn, printFormula } from "./formula";

/** Description of each aggregation. */
export const AGGREGATION_WORDS: Readonly<Record<Aggregation, { label: string; description: string }>> = {
  count: {
    label: "Count",
    description: "How many rows there are; with a field, how many have a value in it.",
  },
  unique: {
    label: "Unique",
    description: "How many different values the field has; ten rows of one value count once.",
  },
  sum: { label: "Sum", description: "All numbers of the field added up; 0 without rows." },
  average: {
    label: "Average",
    description:
      "The sum divided by how many numbers there are, over all rows together; a few large ones pull it up.",
  },
  min: { label: "Minimum", description: "The smallest number of the field." },
  max: { label: "Maximum", description: "The largest number of the field." },
  median: {
    label: "Median",
    description: "The number in the middle: half of them are smaller, half are larger.",
  },
  p95: { label: "95th percentile", description: "The number below which 95 % of the numbers are." },
};

/** What a valid definition computes. */
export interface About {
  unit: Unit;
  /** The default format. */
  format: (typeof METRIC_FORMATS)[number];
  /** Datasets that it uses. */
  datasets: string[];
  /** One sentence. */
  explanation: string;
}

/** Describes a rule. `rules`: those of the defined metrics that it uses. */
export function aboutRule(
  rule: MetricRule,
  resolved: Resolved,
  rules: Readonly<Record<string, MetricRule>>,
): About {
  return {
    unit: unitOf(resolved),
    format: formatOfResolved(resolved),
    datasets: [...new Set(basesOf(resolved).map(({ dataset }) => dataset.name))],
    explanation: `${capital(rule.kind === "aggregate" ? aggregateWords(rule) : formulaWords(resolved, rules))}.`,
  };
}

const TAKEN: Readonly<Record<Aggregation, string>> = {
  count: "the number",
  unique: "how many different values",
  sum: "the sum",
  average: "the average",
  min: "the smallest",
  max: "the largest",
  median: "the median",
  p95: "the 95th percentile",
};

function aggregateWords(rule: Extract<MetricRule, { kind: "aggregate" }>): string {
  const { aggregation, field, dataset, filters } = rule;
  const where = filters ? ` where ${filterWords(filters)}` : "";
  if (aggregation === "count") {
    const having = field === undefined ? "" : `${where ? " and" : " where"} ${field} is set`;
    return `the number of ${dataset}${where}${having}`;
  }
  if (aggregation === "unique" && field !== undefined && !field.includes(":"))
    return `the number of different ${field}s of ${dataset}${where}`;
  return aggregation === "unique"
    ? `${TAKEN.unique} ${field} has over ${dataset}${where}`
    : `${TAKEN[aggregation]} of ${field} over ${dataset}${where}`;
}

/** The formula, and the rules of the defined metrics in it. */
function formulaWords(resolved: Resolved, rules: Readonly<Record<string, MetricRule>>): string {
  if (resolved.kind === "base") return resolved.metric.name;
  const descriptions = namesIn(resolved.expression).flatMap((name) => {
    const rule = Object.hasOwn(rules, name) ? rules[name] : undefined;
    const below = resolved.names.get(name);
    if (!rule || !below) return [];
    return [`${name} is ${rule.kind === "aggregate" ? aggregateWords(rule) : formulaWords(below, {})}`];
  });
  const where = descriptions.length ? `, where ${descriptions.join(" and ")}` : "";
  return `${printFormula(resolved.expression)}${where}`;
}

/** A filter in words. */
export function filterWords(filter: Filter): string {
  if ("and" in filter) return filter.and.map(inner).join(" and ");
  if ("or" in filter) return filter.or.map(inner).join(" or ");
  if ("not" in filter) return `not ${inner(filter.not)}`;
  const { dimension, op, value } = filter;
  const written = Array.isArray(value) ? value.map(String).join(", ") : String(value ?? "none");
  switch (op) {
    case "eq":
      return `${dimension} is ${written}`;
    case "neq":
      return `${dimension} is not ${written}`;
    case "in":
      return `${dimension} is one of ${written}`;
    case "contains":
      return `${dimension} contains ${written}`;
    case "starts_with":
      return `${dimension} starts with ${written}`;
    case "matches":
      return `${dimension} matches ${written}`;
    case "gt":
      return `${dimension} is greater than ${written}`;
    case "lt":
      return `${dimension} is less than ${written}`;
    case "is_set":
      return value === false ? `${dimension} is not set` : `${dimension} is set`;
  }
}

/** A filter within another: combinations in parentheses. */
const inner = (filter: Filter) => ("dimension" in filter ? filterWords(filter) : `(${filterWords(filter)})`);

/** Names of formulas are not capitalized. */
const capital = (text: string) =>
  text.startsWith("the ") || text.startsWith("how ") ? text[0]!.toUpperCase() + text.slice(1) : text;
