/**
 * /projects/[id]: the dashboard.
 * @module
 */
import type { RouteDefinition } from "@solidjs/router";
import { annotations } from "../../../../client/discussion";
import { project } from "../../../../client/projects";
import { DashboardView } from "../../../../views/explore/dashboard";
import { dashboard, dataSearch } from "../../../../views/explore/data";

export const route = {
  preload: ({ params, location }) => {
    void project(params.id ?? "");
    void annotations(params.id ?? "");
    void dashboard(params.id ?? "", dataSearch(location.search));
  },
} satisfies RouteDefinition;

export default DashboardView;
