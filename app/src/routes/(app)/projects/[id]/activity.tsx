/**
 * /projects/[id]/activity
 * @module
 */
import type { RouteDefinition } from "@solidjs/router";
import { activity } from "../../../../client/discussion";
import { project } from "../../../../client/projects";
import { ActivityView } from "../../../../views/discussion/activity";

export const route = {
  preload: ({ params }) => {
    void project(params.id ?? "");
    void activity(params.id ?? "", null);
  },
} satisfies RouteDefinition;

export default ActivityView;
