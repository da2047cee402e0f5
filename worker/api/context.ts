/**
 * Types of request contexts.
 * @module
 */
import type { Context } from "hono";
import type { Role } from "../../schema/wire/organization";
import type { Scope } from "../../schema/wire/project";
import type { Roles } from "../tenancy/accounts";
import type { ProjectContext } from "../tenancy/projects";

/** Bindings of every route. Variables follow from the route's access rule (`VariablesOf`). */
export interface AppEnv {
  Bindings: Env;
}

/** The authenticated user, by any kind of credential. */
export interface Caller {
  user_id: string;
  /** The user's role in each organization that they are a member of. */
  roles: Roles;
  /** Scopes of the credential. A sign-in session or JWT has all. */
  scopes: Scope[];
  /** Sign-in session of a cookie or JWT; null for a personal token. */
  session_id: string | null;
  /** Id of the sign-in session or token. */
  credential: string;
  /** Whether the user's address is confirmed. */
  is_confirmed: boolean;
}

/** The organization that a path names, and the caller's role there. */
export interface OrganizationContext {
  id: string;
  role: Role;
}

/** Context of a route on a project. */
export type ProjectCtx = Context<
  AppEnv & { Variables: { caller: Caller; role: Role; project: ProjectContext } }
>;
