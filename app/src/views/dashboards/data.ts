/**
 * Loads the results of a dashboard for the current view.
 * @module
 */
import { query } from "@solidjs/router";
import type { ResultsRequest } from "../../../../schema/wire/dashboard";
import { ownDashboard, queryDashboard, type Results } from "../../client/dashboards";
import { type Answer, orSignIn } from "../../client/http";
import { joined, parseQueryState, querySearch } from "../../query-state";

/** The part of the URL that affects the queries. */
export function viewKey(search: string): string {
  return querySearch(parseQueryState(search));
}

/**
 * Results of all widgets for a `viewKey`. Waits for the dashboard only when the view has filters, because its own filters
 * apply as well.
 */
export const results = query(async (project: string, id: string, key: string): Promise<Answer<Results>> => {
  const { range, compare, filters } = parseQueryState(key);
  const setting: ResultsRequest = { range, compare };
  if (filters.length > 0) {
    const found = await ownDashboard(project, id);
    if (!found.ok) return found;
    setting.filters = joined(found.data.filters, { and: filters });
  }
  return orSignIn(await queryDashboard(project, id, setting));
}, "dashboard-results");
