/**
 * /projects
 * @module
 */
import type { RouteDefinition } from "@solidjs/router";
import { projects } from "../../../client/projects";
import { ProjectListView } from "../../../views/projects/project-list";

export const route = { preload: () => void projects() } satisfies RouteDefinition;

export default ProjectListView;
