/**
 * Range, comparison and filters in the query string: `range` or `from` and `to`, `compare`, `f` (repeated).
 * @module
 */
import type { Condition } from "../../../schema/wire/filter";
import { filterText, parseFilter } from "./filters";
import { COMPARISONS, type Comparison, RANGES, type SelectedRange } from "./range";

export interface QueryState {
  range?: SelectedRange;
  compare?: Comparison;
  filters: Condition[];
}

/** True when `value` is a key of `of`, and not one of its prototype. */
export function isKey<T extends object>(value: string | null, of: T): value is Extract<keyof T, string> {
  return value !== null && Object.hasOwn(of, value);
}

/** Reads the state from a query string; ignores what is not valid. */
export function parseQueryState(search: string): QueryState {
  const params = new URLSearchParams(search);
  const state: QueryState = { filters: params.getAll("f").flatMap((text) => parseFilter(text) ?? []) };
  const [from, to, range] = [params.get("from"), params.get("to"), params.get("range")];
  if (from && to) state.range = { from, to };
  else if (isKey(range, RANGES)) state.range = range;
  const compare = params.get("compare");
  if (isKey(compare, COMPARISONS)) state.compare = compare;
  return state;
}

/** The query string of a state with more parameters, with its `?`; empty when nothing is set. */
export function querySearch(state: QueryState, more: Record<string, string | undefined> = {}): string {
  const params = new URLSearchParams();
  if (typeof state.range === "object") {
    params.set("from", state.range.from);
    params.set("to", state.range.to);
  } else if (state.range) params.set("range", state.range);
  if (state.compare) params.set("compare", state.compare);
  for (const filter of state.filters) params.append("f", filterText(filter));
  for (const [name, value] of Object.entries(more)) if (value !== undefined) params.set(name, value);
  const text = params.toString().replaceAll("%3A", ":").replaceAll("%2C", ",").replaceAll("%2F", "/");
  return text ? `?${text}` : "";
}
