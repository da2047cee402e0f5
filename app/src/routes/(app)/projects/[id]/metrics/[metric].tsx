/**
 * /projects/[id]/metrics/[metric]
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

export { MetricView as default } from "../../../../../views/metrics/builder-view";
