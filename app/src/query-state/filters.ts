/**
 * Conditions on dimensions: in the URL, in lists, and as one filter.
 * @module
 */
import type { Condition, Filter } from "../../../schema/wire/filter";

/** Labels of the operators that people choose. */
export const VERBS = { eq: "is", neq: "is not", contains: "contains", starts_with: "starts with" } as const;
export type Verb = keyof typeof VERBS;
export const VERB_NAMES = Object.keys(VERBS) as Verb[];
const OPS = [...VERB_NAMES, "is_set"] as const;

/** Parses `op,dimension,value`; null when it is not a condition. */
export function parseFilter(text: string): Condition | null {
  const match = text.match(/^([a-z_]+),([a-z]+:[^,]+),([\s\S]*)$/);
  const op = OPS.find((known) => known === match?.[1]);
  if (!match?.[2] || op === undefined) return null;
  return { op, dimension: match[2], value: op === "is_set" ? match[3] !== "false" : (match[3] ?? "") };
}

/** The condition as text for the URL; reverses `parseFilter`. */
export function filterText(filter: Condition): string {
  return `${filter.op},${filter.dimension},${String(filter.value ?? "")}`;
}

/** Adds a condition; `only` first removes the others on the same dimension. */
export function withFilter(filters: Condition[], added: Condition, only: boolean): Condition[] {
  const text = filterText(added);
  const others = filters.filter(
    (filter) => filterText(filter) !== text && !(only && filter.dimension === added.dimension),
  );
  return [...others, added];
}

/** The condition that includes rows with this value of a dimension, or (`not`) excludes them. */
export function conditionFor(dimension: string, value: string | null, not = false): Condition {
  if (value === null) return { dimension, op: "is_set", value: not };
  return { dimension, op: not ? "neq" : "eq", value };
}

/** Filters combined by `and`; undefined for none. */
export function joined(...parts: (Filter | undefined)[]): Filter | undefined {
  const given = parts.filter((part) => part !== undefined);
  return given.length > 1 ? { and: given } : given[0];
}

/** The conditions of a filter that only combines by `and`; null for any other, which chips cannot show. */
export function conditionsOf(filter: Filter | undefined): Condition[] | null {
  if (!filter) return [];
  if ("dimension" in filter) return [filter];
  if (!("and" in filter)) return null;
  const lists = filter.and.map(conditionsOf);
  return lists.every((list) => list !== null) ? lists.flat() : null;
}
