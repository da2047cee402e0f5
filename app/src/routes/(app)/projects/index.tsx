/**
 * /projects
 * @module
 */
import type { RouteDefinition } from "@solidjs/router";
import { projects } from "../../../client/projects";

export const route = { preload: () => void projects() } satisfies RouteDefinition;

export { ProjectListView as default } from "../../../views/projects/project-list";
