/**
 * Loads the data of the overview: one request, converted for drawing, cached by its queries.
 * @module
 */
import { query } from "@solidjs/router";
import { queryBatch } from "../../client/analytics";
import { type Answer, dataOf, orSignIn } from "../../client/http";
import { project as readProject } from "../../client/projects";
import { OTHER } from "./cards";
import { questions } from "./question";
import { type Dashboard, shapeDashboard } from "./shape";
import { parseState, stateSearch } from "./state";

/** The part of the URL that changes the queries; the selected metric does not, because all metrics are loaded. */
export function dataSearch(search: string): string {
  return stateSearch({ ...parseState(search), metric: "visitors" });
}

/** All data of the page for a `dataSearch`. */
export const dashboard = query(async (project: string, search: string): Promise<Answer<Dashboard>> => {
  const state = parseState(search);
  const [settings, answered] = await Promise.all([
    readProject(project),
    queryBatch(project, questions(state)),
  ]);
  const result = orSignIn(answered);
  const zone = dataOf(settings)?.timezone ?? "UTC";
  return result.ok ? shapeDashboard(result.data, state, zone, Date.now()) : result;
}, "dashboard");

/** Frequent values of a dimension over 30 days, as suggestions for a filter. */
export const suggestions = query(async (project: string, dimension: string): Promise<string[]> => {
  const event = dimension.startsWith("event:");
  const metric = event ? "events" : "sessions";
  const result = await queryBatch(project, {
    values: {
      dataset: event ? "events" : "sessions",
      metrics: [metric],
      dimensions: [dimension],
      range: "30d",
      order_by: [{ name: metric, direction: "desc" }],
      limit: 100,
    },
  });
  const values = dataOf(result)?.values ?? null;
  if (!values || !("rows" in values)) return [];
  return values.rows.flatMap(([value]) => (typeof value === "string" && value !== OTHER ? [value] : []));
}, "suggestions");
