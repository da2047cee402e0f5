/**
 * /invitations/[token]
 * @module
 */
import type { RouteDefinition } from "@solidjs/router";
import { invitation, someone } from "../../client/organizations";

export const route = {
  preload: ({ params }) => {
    void invitation(params.token ?? "");
    void someone();
  },
} satisfies RouteDefinition;

export { InvitationView as default } from "../../views/organizations/invitation";
