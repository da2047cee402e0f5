/**
 * The queries of the overview, by name, for one request.
 * @module
 */
import type { Filter } from "../../../../schema/wire/filter";
import type { Query } from "../../../../schema/wire/query";
import { CARD_NAMES, type CardName, tabOf } from "./cards";
import { metricsOf } from "./metrics";
import { type ExploreState, grainFor } from "./state";

/** Number of rows of a card. */
export const CARD_ROWS = 10;

/** Names of the queries of a page. */
export type QueryName = "sessionSeries" | "eventSeries" | CardName;

/** All queries of the page. */
export function questions(state: ExploreState): Record<QueryName, Query> {
  const grain = grainFor(state);
  const filters: Filter | undefined = state.filters.length ? { and: state.filters } : undefined;
  const base = { range: state.range, compare: state.compare, filters };
  const sessionSeries = { ...base, dataset: "sessions", metrics: metricsOf("sessions") };
  const eventSeries = { ...base, dataset: "events", metrics: metricsOf("events") };
  const time = { granularity: grain, dimensions: [`time:${grain}`], limit: 10_000 };
  const card = (name: CardName): Query => {
    const tab = tabOf(name, state.tabs[name]);
    return {
      ...base,
      dataset: tab.dataset,
      metrics: [tab.metric],
      dimensions: [tab.dimension],
      order_by: [{ name: tab.metric, direction: "desc" }],
      limit: CARD_ROWS,
    };
  };
  const cards = Object.fromEntries(CARD_NAMES.map((name) => [name, card(name)])) as Record<CardName, Query>;
  return { sessionSeries: { ...sessionSeries, ...time }, eventSeries: { ...eventSeries, ...time }, ...cards };
}
