/**
 * /projects/[id]/sources/[source]
 * @module
 */
import type { RouteDefinition } from "@solidjs/router";
import { project } from "../../../../../client/projects";
import { drivers, source } from "../../../../../client/sources";
import { SourceView } from "../../../../../views/sources/source-view";

export const route = {
  preload: ({ params }) => {
    void project(params.id ?? "");
    void drivers(params.id ?? "");
    void source(params.id ?? "", params.source ?? "");
  },
} satisfies RouteDefinition;

export default SourceView;
