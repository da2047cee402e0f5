/**
 * Who may call: the rule of each route, and the middleware that holds it.
 * @module
 */
import type { MiddlewareHandler } from "hono";
import type { ProjectConfig, Scope } from "../../schema/wire/project";
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

/** The project named by the path, already checked to belong to the caller. */
export type ProjectContext = ProjectConfig & { organization_id: string };

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

async function callerOf(_request: Request, _env: Env): Promise<Caller | null> {
	return null;
}

/** Middleware that lets in whom the rule allows, and sets the rule's variables. */
export function guard<A extends Access>(
	access: A,
	path: string,
): MiddlewareHandler<AppEnv & { Variables: VariablesOf<A> }> {
	const parameter = projectParameter(path);
	return async (c, next) => {
		if (access === "anyone" || access === "write-key") return next();
		const caller = await callerOf(c.req.raw, c.env);
		if (!caller) problem("unauthenticated");
		if (parameter === null) return next();
		return next();
	};
}
