/**
 * /projects/[id]/metrics
 * @module
 */
import type { RouteDefinition } from "@solidjs/router";
import { catalog } from "../../../../../client/metrics";
import { project } from "../../../../../client/projects";
import { MetricsView } from "../../../../../views/metrics/metrics-view";

export const route = {
  preload: ({ params }) => {
    void project(params.id ?? "");
    void catalog();
  },
} satisfies RouteDefinition;

export default MetricsView;
