/**
 * What a reader changed about a dashboard for themselves: range, comparison, more filters. It lives in the URL alone; what is
 * not there is the dashboard's own.
 * @module
 */
import type { Dashboard } from "../../../../schema/wire/dashboard";
import type { Condition, Filter } from "../../../../schema/wire/filter";
import type { Granularity, Range } from "../../../../schema/wire/query";
import { grainFor } from "../explore/question";
import {
  COMPARISONS,
  type Comparison,
  type CustomRange,
  filterText,
  parseFilter,
  parseState,
  RANGES,
} from "../explore/state";

type ShownRange = keyof typeof RANGES | CustomRange;

export interface View {
  range?: ShownRange;
  compare?: Comparison;
  /** Besides the dashboard's own. */
  filters: Condition[];
}

/** Reads the view from a query string; what it does not understand it leaves out. */
export function parseView(search: string): View {
  const params = new URLSearchParams(search);
  const view: View = { filters: params.getAll("f").flatMap((text) => parseFilter(text) ?? []) };
  const [from, to, range] = [params.get("from"), params.get("to"), params.get("range")];
  if (from && to) view.range = { from, to };
  else if (range !== null && Object.hasOwn(RANGES, range)) view.range = range as keyof typeof RANGES;
  const compare = params.get("compare");
  if (compare !== null && Object.hasOwn(COMPARISONS, compare)) view.compare = compare as Comparison;
  return view;
}

/** The query string of a view, with its `?`; empty when everything is the dashboard's own. */
export function viewSearch(view: View): string {
  const params = new URLSearchParams();
  if (typeof view.range === "object") {
    params.set("from", view.range.from);
    params.set("to", view.range.to);
  } else if (view.range) params.set("range", view.range);
  if (view.compare) params.set("compare", view.compare);
  for (const filter of view.filters) params.append("f", filterText(filter));
  const text = params.toString().replaceAll("%3A", ":").replaceAll("%2C", ",").replaceAll("%2F", "/");
  return text ? `?${text}` : "";
}

/** What a dashboard's own range is when the picker shows it; an open end is now. */
export function shownRange(range: Range): ShownRange {
  if (typeof range === "string") return range;
  return { from: range.from, to: range.to ?? new Date().toISOString() };
}

/** Range and comparison in force. */
export function inForce(dashboard: Pick<Dashboard, "range" | "compare">, view: View) {
  return {
    range: view.range ?? shownRange(dashboard.range),
    compare: view.compare ?? dashboard.compare,
  };
}

/** The width of a bucket that suits a range when a widget states none. */
export function grainOf(range: ShownRange): Granularity {
  return grainFor({ ...parseState(""), range });
}

/** Conditions joined to a filter; undefined for none. */
export function joined(...parts: (Filter | undefined)[]): Filter | undefined {
  const given = parts.filter((part) => part !== undefined);
  return given.length > 1 ? { and: given } : given[0];
}

/** A filter as a list of conditions, when it is one: what chips can show. */
export function conditionsOf(filter: Filter | undefined): Condition[] | null {
  if (!filter) return [];
  if ("dimension" in filter) return [filter];
  if (!("and" in filter)) return null;
  const lists = filter.and.map(conditionsOf);
  return lists.every((list) => list !== null) ? lists.flat() : null;
}
