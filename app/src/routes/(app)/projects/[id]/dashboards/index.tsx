/**
 * /projects/[id]/dashboards
 * @module
 */
import type { RouteDefinition } from "@solidjs/router";
import { dashboards } from "../../../../../client/dashboards";
import { project } from "../../../../../client/projects";
import { DashboardListView } from "../../../../../views/dashboards/list";

export const route = {
  preload: ({ params }) => {
    void project(params.id ?? "");
    void dashboards(params.id ?? "");
  },
} satisfies RouteDefinition;

export default DashboardListView;
