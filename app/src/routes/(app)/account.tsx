/**
 * /account
 * @module
 */
import type { RouteDefinition } from "@solidjs/router";
import { signInSessions } from "../../client/accounts";
import { organizations } from "../../client/organizations";
import { tokens } from "../../client/tokens";

export const route = {
  preload: () => {
    void organizations();
    void signInSessions();
    void tokens();
  },
} satisfies RouteDefinition;

export { AccountView as default } from "../../views/accounts/account";
