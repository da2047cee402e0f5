/**
 * /projects/[id]/metrics
 * @module
 */
import type { RouteDefinition } from "@solidjs/router";
import { catalog } from "../../../../../client/metrics";
import { project } from "../../../../../client/projects";

export const route = {
  preload: ({ params }) => {
    void project(params.id ?? "");
    void catalog();
  },
} satisfies RouteDefinition;

export { MetricsView as default } from "../../../../../views/metrics/metrics-view";
