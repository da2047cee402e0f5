/**
 * /projects/[id]/sources/new/[driver]
 * @module
 */
import type { RouteDefinition } from "@solidjs/router";
import { project } from "../../../../../../client/projects";
import { drivers } from "../../../../../../client/sources";
import { ConnectView } from "../../../../../../views/sources/connect-view";

export const route = {
  preload: ({ params }) => {
    void project(params.id ?? "");
    void drivers(params.id ?? "");
  },
} satisfies RouteDefinition;

export default ConnectView;
