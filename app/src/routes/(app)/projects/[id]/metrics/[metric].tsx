/**
 * /projects/[id]/metrics/[metric]
 * @module
 */
import type { RouteDefinition } from "@solidjs/router";
import { catalog } from "../../../../../client/metrics";
import { project } from "../../../../../client/projects";
import { MetricView } from "../../../../../views/metrics/builder-view";

export const route = {
  preload: ({ params }) => {
    void project(params.id ?? "");
    void catalog();
  },
} satisfies RouteDefinition;

export default MetricView;
