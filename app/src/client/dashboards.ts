/**
 * Dashboards that people made: the list, one of them, its numbers.
 * @module
 */
import { query } from "@solidjs/router";
import type {
  Dashboard,
  DashboardContent,
  DashboardList,
  DashboardResults,
  DashboardTemplate,
  ResultsRequest,
} from "../../../schema/wire/dashboard";
import type { Sharing } from "../../../schema/wire/metric";
import { call } from "./call";
import { type Answer, answer, apiFetch, orSignIn } from "./http";

export type DashboardEntry = DashboardList["data"][number];
/** What a change says: everything that a dashboard holds (null: no filters), and the version it rests on. */
export type DashboardChange = Omit<DashboardContent, "filters"> & {
  filters: DashboardContent["filters"] | null;
  version: number;
  sharing?: Sharing;
};
/** Answers of a dashboard's widgets by their ids. */
export type Results = DashboardResults["results"];

const at = (project: string, rest = "") => `/projects/${encodeURIComponent(project)}/dashboards${rest}`;
const one = (project: string, id: string, rest = "") => at(project, `/${encodeURIComponent(id)}${rest}`);

/** The dashboards of a project that the reader may see. */
export const dashboards = query(
  async (project: string) => orSignIn(await call<DashboardList>("GET", at(project))),
  "dashboards",
);
/** One dashboard as it is this moment, past what pages keep. */
export const readDashboard = (project: string, id: string) => call<Dashboard>("GET", one(project, id));
/** One dashboard with its widgets. */
export const ownDashboard = query(
  async (project: string, id: string) => orSignIn(await readDashboard(project, id)),
  "own-dashboard",
);
/** What one can begin with. */
export const templates = query(
  async () => orSignIn(await call<{ data: DashboardTemplate[] }>("GET", "/dashboard-templates")),
  "dashboard-templates",
);

/** The numbers of every widget, in one request. */
export async function askResults(
  project: string,
  id: string,
  setting: ResultsRequest,
): Promise<Answer<Results>> {
  const found = await call<DashboardResults>("POST", one(project, id, "/results"), setting);
  return found.ok ? { ok: true, data: found.data.results } : found;
}

type NewDashboard = Partial<DashboardContent> & { sharing?: Sharing };

export const createDashboard = (project: string, json: NewDashboard | { template: string; name?: string }) =>
  call<Dashboard>("POST", at(project), json);
/** Answers `conflict` when somebody else changed it after `json.version`. */
export const changeDashboard = (project: string, id: string, json: DashboardChange) =>
  call<Dashboard>("PATCH", one(project, id), json);
export const duplicateDashboard = (project: string, id: string) =>
  call<Dashboard>("POST", one(project, id, "/duplicate"), {});
export const deleteDashboard = (project: string, id: string) =>
  call<undefined>("DELETE", one(project, id), {});

/** A dashboard as a file, with the defined metrics that it needs. */
export function exportDashboard(
  project: string,
  id: string,
  format: "yaml" | "json",
): Promise<Answer<string>> {
  const reply = apiFetch(`/api/v1${one(project, id, `/export?format=${format}`)}`);
  return answer<string>(
    reply.then((response) => ({
      ok: response.ok,
      status: response.status,
      headers: response.headers,
      json: () => (response.ok ? response.text() : response.json()),
    })),
  );
}
/** Makes a dashboard from the text of a file; faults are named with line and column. */
export const importDashboard = (project: string, text: string) =>
  call<Dashboard>("POST", at(project, "/import"), { text });
