/**
 * /share/[token]: a dashboard by its public link.
 * @module
 */
import type { RouteDefinition } from "@solidjs/router";
import { openLink } from "../../client/links";

export const route = {
  preload: ({ params }) => void openLink(params.token ?? "", null),
} satisfies RouteDefinition;

export { SharedView as default } from "../../views/public/shared";
