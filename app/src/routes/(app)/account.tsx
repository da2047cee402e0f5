/**
 * /account
 * @module
 */
import type { RouteDefinition } from "@solidjs/router";
import { signInSessions } from "../../client/accounts";
import { organizations } from "../../client/organizations";
import { tokens } from "../../client/tokens";
import { AccountView } from "../../views/accounts/account";

export const route = {
  preload: () => {
    void organizations();
    void signInSessions();
    void tokens();
  },
} satisfies RouteDefinition;

export default AccountView;
