/**
 * /projects/[id]/metrics/new
 * @module
 */
import type { RouteDefinition } from "@solidjs/router";
import { catalog } from "../../../../../client/metrics";
import { project } from "../../../../../client/projects";
import { NewMetricView } from "../../../../../views/metrics/builder-view";

export const route = {
  preload: ({ params }) => {
    void project(params.id ?? "");
    void catalog();
  },
} satisfies RouteDefinition;

export default NewMetricView;
