/**
 * /invitations/[token]
 * @module
 */
import type { RouteDefinition } from "@solidjs/router";
import { optionalMe } from "../../client/accounts";
import { invitation } from "../../client/organizations";
import { InvitationView } from "../../views/organizations/invitation";

export const route = {
  preload: ({ params }) => {
    void invitation(params.token ?? "");
    void optionalMe();
  },
} satisfies RouteDefinition;

export default InvitationView;
