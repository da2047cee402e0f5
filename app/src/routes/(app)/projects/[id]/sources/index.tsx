/**
 * /projects/[id]/sources
 * @module
 */
import type { RouteDefinition } from "@solidjs/router";
import { project } from "../../../../../client/projects";
import { drivers, sources } from "../../../../../client/sources";
import { SourcesView } from "../../../../../views/sources/sources-view";

export const route = {
  preload: ({ params }) => {
    void project(params.id ?? "");
    void drivers(params.id ?? "");
    void sources(params.id ?? "");
  },
} satisfies RouteDefinition;

export default SourcesView;
