/**
 * /organizations/[organization]
 * @module
 */
import type { RouteDefinition } from "@solidjs/router";
import { members, organization } from "../../../client/organizations";
import { projects } from "../../../client/projects";
import { OrganizationView } from "../../../views/organizations/organization";

export const route = {
  preload: ({ params }) => {
    void organization(params.organization ?? "");
    void members(params.organization ?? "");
    void projects();
  },
} satisfies RouteDefinition;

export default OrganizationView;
