/**
 * The state of a dashboard, which lives in the URL alone: a link is the page.
 * @module
 */
import type { Condition } from "../../../../schema/wire/filter";
import type { Granularity, Preset } from "../../../../schema/wire/query";
import { CARD_NAMES, type CardName, tabOf } from "./cards";
import { METRICS, type MetricName } from "./metrics";

// Values, not types: the schema's own lists come with zod, which has no place in the browser.
export const RANGES = {
  "24h": "Last 24 hours",
  "7d": "Last 7 days",
  "30d": "Last 30 days",
  "90d": "Last 90 days",
  "12mo": "Last 12 months",
  today: "Today",
  yesterday: "Yesterday",
} as const satisfies Record<Preset, string>;
export const COMPARISONS = {
  none: "No comparison",
  previous: "Previous period",
  year: "Same period a year ago",
} as const;
export const GRAINS = {
  hour: "Hours",
  day: "Days",
  week: "Weeks",
  month: "Months",
} as const satisfies Record<Granularity, string>;

/** How a filter compares, in words. */
export const VERBS = { eq: "is", neq: "is not", contains: "contains", starts_with: "starts with" } as const;
export type Verb = keyof typeof VERBS;
export const VERB_NAMES = Object.keys(VERBS) as Verb[];
const OPS = [...VERB_NAMES, "is_set"] as const;

export type Comparison = keyof typeof COMPARISONS;
export interface CustomRange {
  /** ISO 8601; a bare date is midnight in the project's zone. */
  from: string;
  /** The first moment that is not in the range any more. */
  to: string;
}
export interface ExploreState {
  range: Preset | CustomRange;
  compare: Comparison;
  /** Null lets the range decide. */
  grain: Granularity | null;
  metric: MetricName;
  filters: Condition[];
  tabs: Partial<Record<CardName, string>>;
}

const DEFAULT = { range: "7d", compare: "previous", metric: "visitors" } as const;

function isKey<T extends object>(value: string | null, of: T): value is Extract<keyof T, string> {
  return value !== null && Object.hasOwn(of, value);
}

/** `op,dimension,value` as a condition, or null when it is none. */
export function parseFilter(text: string): Condition | null {
  const match = text.match(/^([a-z_]+),([a-z]+:[^,]+),([\s\S]*)$/);
  const op = OPS.find((known) => known === match?.[1]);
  if (!match?.[2] || op === undefined) return null;
  return { op, dimension: match[2], value: op === "is_set" ? match[3] !== "false" : (match[3] ?? "") };
}

/** The condition as it stands in the URL. */
export function filterText(filter: Condition): string {
  return `${filter.op},${filter.dimension},${String(filter.value ?? "")}`;
}

/** Reads the state from a query string; what it does not understand it leaves out. */
export function parseState(search: string): ExploreState {
  const params = new URLSearchParams(search);
  const range = params.get("range");
  const from = params.get("from");
  const to = params.get("to");
  const compare = params.get("compare");
  const grain = params.get("grain");
  const metric = params.get("metric");
  const tabs: ExploreState["tabs"] = {};
  for (const card of CARD_NAMES) {
    const tab = params.get(card);
    if (tab !== null && tabOf(card, tab).name === tab) tabs[card] = tab;
  }
  return {
    range: from && to ? { from, to } : isKey(range, RANGES) ? range : DEFAULT.range,
    compare: isKey(compare, COMPARISONS) ? compare : DEFAULT.compare,
    grain: isKey(grain, GRAINS) ? grain : null,
    metric: isKey(metric, METRICS) ? metric : DEFAULT.metric,
    filters: params.getAll("f").flatMap((text) => parseFilter(text) ?? []),
    tabs,
  };
}

/** The query string of a state, with its `?`; empty when everything is as it would be anyway. */
export function stateSearch(state: ExploreState): string {
  const params = new URLSearchParams();
  if (typeof state.range === "object") {
    params.set("from", state.range.from);
    params.set("to", state.range.to);
  } else if (state.range !== DEFAULT.range) params.set("range", state.range);
  if (state.compare !== DEFAULT.compare) params.set("compare", state.compare);
  if (state.grain) params.set("grain", state.grain);
  if (state.metric !== DEFAULT.metric) params.set("metric", state.metric);
  for (const filter of state.filters) params.append("f", filterText(filter));
  for (const card of CARD_NAMES) {
    const tab = state.tabs[card];
    if (tab !== undefined && tab !== tabOf(card, undefined).name) params.set(card, tab);
  }
  const text = params.toString().replaceAll("%3A", ":").replaceAll("%2C", ",").replaceAll("%2F", "/");
  return text ? `?${text}` : "";
}

/** Adds a condition; `only` first takes away what was said about the same dimension. */
export function withFilter(filters: Condition[], added: Condition, only: boolean): Condition[] {
  const text = filterText(added);
  const kept = filters.filter(
    (filter) => filterText(filter) !== text && !(only && filter.dimension === added.dimension),
  );
  return [...kept, added];
}

/** The condition that keeps rows with this value of a dimension, or (`not`) leaves them out. */
export function conditionFor(dimension: string, value: string | null, not = false): Condition {
  if (value === null) return { dimension, op: "is_set", value: not };
  return { dimension, op: not ? "neq" : "eq", value };
}
