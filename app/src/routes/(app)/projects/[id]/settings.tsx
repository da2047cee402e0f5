/**
 * /projects/[id]/settings
 * @module
 */
import type { RouteDefinition } from "@solidjs/router";
import { drops } from "../../../../client/drops";
import { project } from "../../../../client/projects";
import { SettingsView } from "../../../../views/projects/settings";

export const route = {
  preload: ({ params }) => {
    void project(params.id ?? "");
    void drops(params.id ?? "");
  },
} satisfies RouteDefinition;

export default SettingsView;
