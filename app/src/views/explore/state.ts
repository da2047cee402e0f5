/**
 * State of the overview, stored in the URL only, so that a link reproduces the page.
 * @module
 */
import type { Condition } from "../../../../schema/wire/filter";
import type { Granularity } from "../../../../schema/wire/query";
import {
  type Comparison,
  GRAINS,
  grainOf,
  isKey,
  parseQueryState,
  querySearch,
  type SelectedRange,
} from "../../query-state";
import { CARD_NAMES, type CardName, tabOf } from "./cards";
import { METRICS, type MetricName } from "./metrics";

export interface ExploreState {
  range: SelectedRange;
  compare: Comparison;
  /** Null: chosen by the range. */
  grain: Granularity | null;
  metric: MetricName;
  filters: Condition[];
  tabs: Partial<Record<CardName, string>>;
}

const DEFAULT = { range: "7d", compare: "previous", metric: "visitors" } as const;

/** Granularity of the chart: the chosen one, or the one that fits the range. */
export function grainFor({ grain, range }: ExploreState): Granularity {
  return grain ?? grainOf(range);
}

/** Parses the state from a query string; ignores what is not valid. */
export function parseState(search: string): ExploreState {
  const params = new URLSearchParams(search);
  const { range = DEFAULT.range, compare = DEFAULT.compare, filters } = parseQueryState(search);
  const grain = params.get("grain");
  const metric = params.get("metric");
  const tabs: ExploreState["tabs"] = {};
  for (const card of CARD_NAMES) {
    const tab = params.get(card);
    if (tab !== null && tabOf(card, tab).name === tab) tabs[card] = tab;
  }
  return {
    range,
    compare,
    grain: isKey(grain, GRAINS) ? grain : null,
    metric: isKey(metric, METRICS) ? metric : DEFAULT.metric,
    filters,
    tabs,
  };
}

/** The query string of a state, with its `?`; empty for the default state. */
export function stateSearch({ range, compare, grain, metric, filters, tabs }: ExploreState): string {
  const more: Record<string, string | undefined> = {
    grain: grain ?? undefined,
    metric: metric === DEFAULT.metric ? undefined : metric,
  };
  for (const card of CARD_NAMES) {
    if (tabs[card] !== tabOf(card, undefined).name) more[card] = tabs[card];
  }
  const state = {
    range: range === DEFAULT.range ? undefined : range,
    compare: compare === DEFAULT.compare ? undefined : compare,
    filters,
  };
  return querySearch(state, more);
}
