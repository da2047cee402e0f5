/**
 * Custom dashboards: the list, one of them, its results.
 * @module
 */
import { query } from "@solidjs/router";
import type { DashboardList, DashboardResults, ResultsRequest } from "../../../schema/wire/dashboard";
import type { Json } from "./api";
import { type Answer, answer, orSignIn } from "./http";
import { request, send } from "./request";

export type DashboardEntry = DashboardList["data"][number];
/** A change: the whole content (null: no filters) and the version it is based on. */
export type DashboardChange = Json<"PATCH /projects/{project}/dashboards/{dashboard}">;
/** Results of a dashboard's widgets by widget id. */
export type Results = DashboardResults["results"];

/** The dashboards of a project that the user may see. */
export const dashboards = query(
  async (project: string) =>
    orSignIn(await request("GET /projects/{project}/dashboards", { params: { project } })),
  "dashboards",
);
/** One dashboard, past the router's cache. */
export const readDashboard = (project: string, dashboard: string) =>
  request("GET /projects/{project}/dashboards/{dashboard}", { params: { project, dashboard } });
/** One dashboard with its widgets. */
export const ownDashboard = query(
  async (project: string, id: string) => orSignIn(await readDashboard(project, id)),
  "own-dashboard",
);
/** Templates of dashboards. */
export const templates = query(
  async () => orSignIn(await request("GET /dashboard-templates", {})),
  "dashboard-templates",
);

/** Results of all widgets, in one request. */
export async function queryDashboard(
  project: string,
  dashboard: string,
  json: ResultsRequest,
): Promise<Answer<Results>> {
  const answered = await request("POST /projects/{project}/dashboards/{dashboard}/results", {
    params: { project, dashboard },
    json,
  });
  return answered.ok ? { ok: true, data: answered.data.results } : answered;
}

export const createDashboard = (project: string, json: Json<"POST /projects/{project}/dashboards">) =>
  request("POST /projects/{project}/dashboards", { params: { project }, json });
/** Fails with `conflict` when the dashboard has changed after `json.version`. */
export const changeDashboard = (project: string, dashboard: string, json: DashboardChange) =>
  request("PATCH /projects/{project}/dashboards/{dashboard}", { params: { project, dashboard }, json });
export const duplicateDashboard = (project: string, dashboard: string) =>
  request("POST /projects/{project}/dashboards/{dashboard}/duplicate", { params: { project, dashboard } });
export const deleteDashboard = (project: string, dashboard: string) =>
  request("DELETE /projects/{project}/dashboards/{dashboard}", { params: { project, dashboard } });

/** A dashboard as the text of a file, with the custom metrics that it uses. */
export const exportDashboard = (project: string, dashboard: string, format: "yaml" | "json") =>
  answer<string>(
    send("GET /projects/{project}/dashboards/{dashboard}/export", {
      params: { project, dashboard },
      query: { format },
    }),
    (response) => response.text(),
  );
/** Creates a dashboard from the text of a file; errors have a line and a column. */
export const importDashboard = (project: string, text: string) =>
  request("POST /projects/{project}/dashboards/import", { params: { project }, json: { text } });
