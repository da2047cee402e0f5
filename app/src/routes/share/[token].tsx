/**
 * /share/[token]: a dashboard by its public link.
 * @module
 */
import type { RouteDefinition } from "@solidjs/router";
import { openLink } from "../../client/links";
import { SharedView } from "../../views/public/shared";

export const route = {
  preload: ({ params }) => void openLink(params.token ?? "", null),
} satisfies RouteDefinition;

export default SharedView;
