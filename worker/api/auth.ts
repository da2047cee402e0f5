/**
 * Access: the rule of each route, and the middleware that enforces it.
 * @module
 */
import type { Context, MiddlewareHandler } from "hono";
import type { Role } from "../../schema/wire/organization";
import type { Scope } from "../../schema/wire/project";
import { fingerprint } from "../lib/secret";
import { atLeast } from "../tenancy/accounts";
import { findProject, type ProjectContext } from "../tenancy/projects";
import { callerOf, refuseCrossSite } from "./caller";
import type { AppEnv, Caller, OrganizationContext } from "./context";
import { problem } from "./errors";

/** What a credential must allow: a scope, or `"session"` where personal tokens are refused. */
type Reach = Scope | "session";

const UNNAMED = ["anyone", "write-key", "link", "signature", "operator"] as const;
/** Rules without a user. */
export type Unnamed = (typeof UNNAMED)[number];
/** Whether a rule needs no user. */
export const isUnnamed = (access: Access): access is Unnamed => UNNAMED.some((rule) => rule === access);

/**
 * The rule of a route.
 * - `"anyone"`: no credentials.
 * - `"write-key"`: ingest; the handler's own steps check the key.
 * - `"link"`: the path's `{token}` is the credential; the handler looks it up.
 * - `"signature"`: the request is signed; the handler checks it.
 * - `"operator"`: the bearer token is the deployment's `OPERATOR_TOKEN`.
 * - `"account"`: session cookie or JWT; personal tokens are refused.
 * - `{ scope, role }`: session, JWT or personal token with the scope, of a user with at least that role in the
 *   organization of the project named by the path's `{project}` (or `{id}` when there is no `{project}`). Another
 *   tenant's project is `not_found`, a lower role `insufficient_role`.
 * - `{ scope, role, over: "organization" }`: the same for the organization named by the path's `{organization}`.
 * - `{ scope, over: "account" }`: the same credentials on a route that names neither; the handler is limited to
 *   `c.var.caller.roles`. With a `role`, the handler calls `demandRole` with the organization that the body names.
 */
export type Access =
  | Unnamed
  | "account"
  | { scope: Reach; role: Role; over?: "project" }
  | { scope: Reach; role: Role; over: "organization" }
  | { scope: Reach; role?: Role; over: "account" };

/** Context variables that a rule provides. `role` is the caller's in the organization of the path. */
export type VariablesOf<A extends Access> = A extends Unnamed
  ? object
  : A extends "account" | { over: "account" }
    ? { caller: Caller }
    : A extends { over: "organization" }
      ? { caller: Caller; role: Role; organization: OrganizationContext }
      : { caller: Caller; role: Role; project: ProjectContext };

/** Name of the path parameter that names the project, or null. */
export function projectParameter(path: string): "project" | "id" | null {
  if (path.includes("{project}")) return "project";
  return path.includes("{id}") ? "id" : null;
}

/** What the path names that a rule depends on; null without. */
export function subjectOf(access: Access): "project" | "organization" | null {
  if (typeof access === "string" || access.over === "account") return null;
  return access.over ?? "project";
}

/**
 * The caller's role in an organization, which is at least `least`. Refuses with `not_found` callers who are not
 * members, since the existence of other tenants' organizations is not disclosed, and with `insufficient_role` a lower
 * role.
 */
export function demandRole(caller: Caller, organization: string, least: Role): Role {
  const role = Object.hasOwn(caller.roles, organization) ? caller.roles[organization] : undefined;
  if (!role) return problem("not_found");
  if (!atLeast(role, least))
    problem("insufficient_role", `This requires the role ${least}; yours is ${role}`);
  return role;
}

/** Refuses what an account may do only once its address is confirmed. */
export function refuseUnconfirmed(): never {
  return problem("email_unconfirmed", "Confirm your e-mail address first, by the link that we sent to it");
}

/** Refuses a caller whose address is not confirmed. */
export function demandConfirmed({ is_confirmed }: Caller): void {
  if (!is_confirmed) refuseUnconfirmed();
}

type Guarded = AppEnv & {
  Variables: { caller: Caller; role: Role; project: ProjectContext; organization: OrganizationContext };
};

/**
 * Middleware that admits callers by the rule, and sets the rule's variables. `after` runs once the caller is admitted.
 */
export function guard<A extends Access>(access: A, path: string, after?: MiddlewareHandler) {
  // hono's context is invariant in its variables: returning fewer of them than are set needs the cast.
  const middleware: unknown = enforce(access, path, after ?? ((_, next) => next()));
  return middleware as MiddlewareHandler<AppEnv & { Variables: VariablesOf<A> }>;
}

function enforce(access: Access, path: string, after: MiddlewareHandler): MiddlewareHandler<Guarded> {
  const parameter = subjectOf(access) === "project" ? projectParameter(path) : null;
  return async (c, next) => {
    if (access === "write-key") return after(c, next);
    refuseCrossSite(c);
    if (access === "operator") await demandOperator(c);
    if (isUnnamed(access)) return after(c, next);
    const id = parameter && c.req.param(parameter);
    const [caller, project] = await Promise.all([callerOf(c), id ? findProject(c.env.CONTROL, id) : null]);
    if (!caller) problem("unauthenticated");
    admit(access, caller);
    c.set("caller", caller);
    if (typeof access === "object" && access.over !== "account") {
      const named = parameter ? project?.organization_id : c.req.param("organization");
      const organization = named ?? problem("not_found");
      const role = demandRole(caller, organization, access.role);
      c.set("role", role);
      if (project) c.set("project", project);
      else c.set("organization", { id: organization, role });
    }
    await after(c, next);
    // Responses depend on the caller and are not cached, unless the route sets a header.
    if (!c.res.headers.has("cache-control")) c.header("cache-control", "no-store");
  };
}

/** Compares fingerprints, in constant time with respect to the token. */
async function demandOperator(c: Context<Guarded>): Promise<void> {
  const token = /^Bearer\s+(\S+)$/i.exec(c.req.header("authorization") ?? "")?.[1];
  const own = c.env.OPERATOR_TOKEN;
  if (own && token && (await fingerprint(token)) === (await fingerprint(own))) return;
  problem("unauthenticated", "This requires the deployment's OPERATOR_TOKEN as bearer token");
}

/** Refuses a caller whose credential does not satisfy the rule. */
function admit(access: Exclude<Access, Unnamed>, caller: Caller): void {
  const reach = access === "account" ? "session" : access.scope;
  if (reach === "session") {
    if (caller.session_id === null) problem("sign_in_required", "A personal token cannot do this: sign in");
  } else if (!caller.scopes.includes(reach)) {
    problem("insufficient_scope", `The token lacks ${reach}`);
  }
}
