/**
 * Who may call: the rule of each route, and the middleware that holds it.
 * @module
 */
import type { MiddlewareHandler } from "hono";
import type { Scope } from "../../schema/wire/project";
import { findProject, type ProjectContext } from "../projects";
import { callerOf, refuseCrossSite } from "./caller";
import { problem } from "./errors";

/** Bindings of every route. Variables come with the route's own rule (`VariablesOf`). */
export interface AppEnv {
  Bindings: Env;
}

/** Who is calling, however they proved it. */
export interface Caller {
  user_id: string;
  /** Organisations the user is a member of. */
  organizations: string[];
  /** What the credential may do. A session or JWT holds every scope. */
  scopes: Scope[];
  /** Session behind a cookie or JWT; null for a personal token. */
  session_id: string | null;
}

/**
 * The rule of a route.
 * - `"anyone"`: no credentials.
 * - `"write-key"`: ingest; the handler's own steps check the key.
 * - `"account"`: session cookie or JWT; personal tokens are refused.
 * - `{ scope }`: session, JWT or personal token with the scope, on the project named by the path's `{project}`
 *   (or `{id}` when there is no `{project}`); another tenant's project is `not_found`.
 * - `{ scope, over: "organization" }`: the same credentials on a route that names no project; the handler keeps to
 *   `c.var.caller.organizations`.
 */
export type Access =
  | "anyone"
  | "write-key"
  | "account"
  | { scope: Scope; over?: "project" }
  | { scope: Scope; over: "organization" };

/** Context variables that a rule provides. */
export type VariablesOf<A extends Access> = A extends "anyone" | "write-key"
  ? object
  : A extends "account" | { over: "organization" }
    ? { caller: Caller }
    : { caller: Caller; project: ProjectContext };

/** Name of the path parameter that names the project, or null. */
export function projectParameter(path: string): "project" | "id" | null {
  if (path.includes("{project}")) return "project";
  return path.includes("{id}") ? "id" : null;
}

type Guarded = AppEnv & { Variables: { caller: Caller; project: ProjectContext } };

/** Middleware that lets in whom the rule allows, and sets the rule's variables. */
export function guard<A extends Access>(access: A, path: string) {
  // hono's context is invariant in its variables: handing out fewer of them than are set needs the detour.
  const middleware: unknown = enforce(access, projectParameter(path));
  return middleware as MiddlewareHandler<AppEnv & { Variables: VariablesOf<A> }>;
}

function enforce(access: Access, parameter: "project" | "id" | null): MiddlewareHandler<Guarded> {
  return async (c, next) => {
    if (access === "write-key") return next();
    refuseCrossSite(c);
    if (access === "anyone") return next();
    const over = access === "account" || access.over === "organization" ? null : parameter;
    const id = over && c.req.param(over);
    const [caller, project] = await Promise.all([callerOf(c), id ? findProject(c.env.CONTROL, id) : null]);
    if (!caller) problem("unauthenticated");
    admit(access, caller);
    if (over) {
      if (!project || !caller.organizations.includes(project.organization_id)) problem("not_found");
      c.set("project", project);
    }
    c.set("caller", caller);
    await next();
    // What depends on who asks is kept by nobody, unless the route says otherwise.
    if (!c.res.headers.has("cache-control")) c.header("cache-control", "no-store");
  };
}

/** Refuses a caller whose credential does not reach as far as the rule asks. */
function admit(access: Exclude<Access, "anyone" | "write-key">, caller: Caller): void {
  if (access === "account") {
    if (caller.session_id === null) problem("forbidden", "A personal token cannot do this: sign in");
  } else if (!caller.scopes.includes(access.scope)) {
    problem("insufficient_scope", `The token lacks ${access.scope}`);
  }
}
