/**
 * /projects/[id]/sources/models
 * @module
 */
import type { RouteDefinition } from "@solidjs/router";
import { project } from "../../../../../client/projects";
import { drivers, models } from "../../../../../client/sources";
import { ModelsView } from "../../../../../views/sources/models-view";

export const route = {
  preload: ({ params }) => {
    void project(params.id ?? "");
    void drivers(params.id ?? "");
    void models(params.id ?? "");
  },
} satisfies RouteDefinition;

export default ModelsView;
