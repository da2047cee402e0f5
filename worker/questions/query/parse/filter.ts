/**
 * Filters: checked against the names of a dataset, then evaluated on values.
 * @module
 */
import {
  type Condition,
  type Filter,
  MAX_CONDITIONS,
  MAX_FILTER_DEPTH,
} from "../../../../schema/wire/filter";
import { type Dataset, findDimension, isUnknown } from "../../metrics";
import { isRefusal, type Refusal, refuse, refuseUnknown } from "./refusal";

/** A value of a dimension, or null. Numbers and booleans of properties are compared as text. */
export type Value = string | null;

/** A filter whose names and values have been checked. */
export type CheckedFilter =
  | { dimension: string; op: Condition["op"]; value: Value | Value[] | boolean }
  | { and: CheckedFilter[] }
  | { or: CheckedFilter[] }
  | { not: CheckedFilter };
export type CheckedCondition = Extract<CheckedFilter, { dimension: string }>;

/** Checks a filter tree. Returns null for no filter. */
export function checkFilter(filter: Filter | undefined, dataset: Dataset): CheckedFilter | null | Refusal {
  if (!filter) return null;
  const checked = check(filter, dataset, "filters");
  if (isRefusal(checked)) return checked;
  const conditions = conditionsOf(checked);
  if (conditions.length > MAX_CONDITIONS) {
    return refuse(
      "too_many_conditions",
      "filters",
      `The filter has ${conditions.length} conditions; at most ${MAX_CONDITIONS} are allowed`,
    );
  }
  return conditions.length ? checked : null;
}

function check(filter: Filter, dataset: Dataset, path: string, depth = 1): CheckedFilter | Refusal {
  if (depth > MAX_FILTER_DEPTH) {
    const detail = `A filter has at most ${MAX_FILTER_DEPTH} levels of \`and\`, \`or\` and \`not\``;
    return refuse("query_too_deep", path, detail);
  }
  if ("and" in filter) {
    const and = checkAll(filter.and, dataset, `${path}.and`, depth + 1);
    return Array.isArray(and) ? { and } : and;
  }
  if ("or" in filter) {
    const or = checkAll(filter.or, dataset, `${path}.or`, depth + 1);
    return Array.isArray(or) ? { or } : or;
  }
  if ("not" in filter) {
    const not = check(filter.not, dataset, `${path}.not`, depth + 1);
    return isRefusal(not) ? not : { not };
  }
  const dimension = findDimension(dataset, filter.dimension);
  if (isUnknown(dimension)) return refuseUnknown(dimension, `${path}.dimension`);
  if (dimension.origin.kind === "time") {
    return refuse(
      "filter_on_time",
      `${path}.dimension`,
      `\`${dimension.name}\` cannot be a filter: use \`range\` to select time`,
    );
  }
  const value = checkValue(filter, path);
  return isRefusalValue(value) ? value : { dimension: dimension.name, op: filter.op, value };
}

function checkAll(
  filters: Filter[],
  dataset: Dataset,
  path: string,
  depth: number,
): CheckedFilter[] | Refusal {
  const checked: CheckedFilter[] = [];
  for (const [i, part] of filters.entries()) {
    const one = check(part, dataset, `${path}.${i}`, depth);
    if (isRefusal(one)) return one;
    checked.push(one);
  }
  return checked;
}

const isRefusalValue = (value: CheckedCondition["value"] | Refusal): value is Refusal =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const asText = (value: string | number | boolean | null): Value => (value === null ? null : String(value));

function checkValue({ op, value }: Condition, path: string): CheckedCondition["value"] | Refusal {
  const needs = (what: string) =>
    refuse("filter_value_invalid", `${path}.value`, `\`${op}\` requires ${what}`);
  if (op === "is_set")
    return value === undefined || typeof value === "boolean" ? (value ?? true) : needs("true or false");
  if (op === "in") return Array.isArray(value) ? value.map(asText) : needs("a list");
  if (value === undefined || Array.isArray(value)) return needs("one value");
  if (op === "eq" || op === "neq") return asText(value);
  return value === null ? needs("a value") : asText(value);
}

/** All conditions of a filter. */
export function conditionsOf(filter: CheckedFilter | null): CheckedCondition[] {
  if (!filter) return [];
  if ("dimension" in filter) return [filter];
  if ("not" in filter) return conditionsOf(filter.not);
  return ("and" in filter ? filter.and : filter.or).flatMap(conditionsOf);
}

/** The names of the dimensions in a filter. */
export function dimensionsOf(filter: CheckedFilter | null): string[] {
  return [...new Set(conditionsOf(filter).map((c) => c.dimension))];
}

/** Returns the test of a condition. Null is not equal to any value, and neither greater nor smaller. */
export function testOf({ op, value }: CheckedCondition): (candidate: Value) => boolean {
  if (Array.isArray(value)) {
    const values = new Set(value);
    return (candidate) => values.has(candidate);
  }
  if (typeof value === "boolean") return (candidate) => (candidate !== null) === value;
  if (op === "eq" || value === null) return op === "neq" ? (v) => v !== value : (v) => v === value;
  switch (op) {
    case "neq":
      return (candidate) => candidate !== value;
    case "contains":
      return (candidate) => candidate?.includes(value) ?? false;
    case "starts_with":
      return (candidate) => candidate?.startsWith(value) ?? false;
    case "matches":
      return matcherOf(value);
    default:
      return compares(op === "gt" ? 1 : -1, value);
  }
}

/**
 * Matches a whole value; `*` matches any text. Not a RegExp: with many `*` its time can grow with a power of the text's
 * length.
 */
function matcherOf(glob: string): (candidate: Value) => boolean {
  const parts = glob.split(/\*+/);
  const [first = "", ...rest] = parts;
  const last = rest.pop();
  if (last === undefined) return (candidate) => candidate === glob;
  return (candidate) => {
    if (!candidate?.startsWith(first)) return false;
    let at = first.length;
    for (const part of rest) {
      const found = candidate.indexOf(part, at);
      if (found < 0) return false;
      at = found + part.length;
    }
    return candidate.length - last.length >= at && candidate.endsWith(last);
  };
}

/** Numbers compare as numbers, other texts by code unit. */
function compares(sign: 1 | -1, bound: string): (candidate: Value) => boolean {
  const limit = bound.trim() === "" ? Number.NaN : Number(bound);
  return (candidate) => {
    if (candidate === null) return false;
    if (Number.isNaN(limit)) return sign > 0 ? candidate > bound : candidate < bound;
    const number = candidate.trim() === "" ? Number.NaN : Number(candidate);
    return sign > 0 ? number > limit : number < limit;
  };
}

/** Evaluates a filter on the value of one dimension; every condition must be on that dimension. */
export function evaluate(
  filter: CheckedFilter,
  tests: Map<CheckedCondition, (v: Value) => boolean>,
  value: Value,
): boolean {
  if ("dimension" in filter) return tests.get(filter)!(value);
  if ("not" in filter) return !evaluate(filter.not, tests, value);
  if ("and" in filter) return filter.and.every((part) => evaluate(part, tests, value));
  return filter.or.some((part) => evaluate(part, tests, value));
}

/** The tests of all conditions of a filter. */
export function testsOf(filter: CheckedFilter): Map<CheckedCondition, (v: Value) => boolean> {
  return new Map(conditionsOf(filter).map((condition) => [condition, testOf(condition)]));
}

/** The filters that are combined by `and`. */
export function conjuncts(filter: CheckedFilter | null): CheckedFilter[] {
  if (!filter) return [];
  return "and" in filter ? filter.and.flatMap(conjuncts) : [filter];
}

/** A filter that requires both; null is no filter. */
export function both(one: CheckedFilter | null, other: CheckedFilter | null): CheckedFilter | null {
  return one && other ? { and: [one, other] } : (one ?? other);
}
