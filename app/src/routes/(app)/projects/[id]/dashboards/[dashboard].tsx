/**
 * /projects/[id]/dashboards/[dashboard]
 * @module
 */
import type { RouteDefinition } from "@solidjs/router";
import { ownDashboard } from "../../../../../client/dashboards";
import { catalog } from "../../../../../client/metrics";
import { project } from "../../../../../client/projects";
import { results, viewKey } from "../../../../../views/dashboards/data";
import { OwnDashboardView } from "../../../../../views/dashboards/own-dashboard";

export const route = {
  preload: ({ params, location }) => {
    const [id, dashboard] = [params.id ?? "", params.dashboard ?? ""];
    void project(id);
    void ownDashboard(id, dashboard);
    void results(id, dashboard, viewKey(location.search));
    void catalog();
  },
} satisfies RouteDefinition;

export default OwnDashboardView;
