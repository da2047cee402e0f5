/**
 * /projects/[id]/sources/models
 * @module
 */
import type { RouteDefinition } from "@solidjs/router";
import { project } from "../../../../../client/projects";
import { drivers, models } from "../../../../../client/sources";

export const route = {
  preload: ({ params }) => {
    void project(params.id ?? "");
    void drivers(params.id ?? "");
    void models(params.id ?? "");
  },
} satisfies RouteDefinition;

export { ModelsView as default } from "../../../../../views/sources/models-view";
