/**
 * A route is its OpenAPI description and its access rule; neither can be left out.
 * @module
 */
import { createRoute, type OpenAPIHono, type RouteConfig } from "@hono/zod-openapi";
import { type ZodType, z } from "zod";
import { type Access, guard, projectParameter, subjectOf } from "./auth";
import { limitJsonBody, MAX_JSON_BODY } from "./body-limit";
import type { AppEnv } from "./context";

/** An id or name in a path. */
export const idParameter = z.string().max(128);

/** The declaration of a route: hono's description and the rule. Guards replace free middleware. */
type Config<P extends string, A extends Access> = Omit<RouteConfig, "path" | "middleware" | "hide"> & {
  path: P;
  access: A;
  /** Most bytes of a JSON body; default `MAX_JSON_BODY`. Routes with other bodies limit them where they read them. */
  maxBody?: number;
};

/**
 * `createRoute` with a rule. Use it for every route: `routes.openapi(route({ method: "get", path: "/projects/{id}",
 * access: { scope: "projects:read", role: "viewer" }, … }), handler)`. The rule's variables are typed in the handler:
 * see `VariablesOf`.
 */
export function route<P extends string, const A extends Access, R extends Config<P, A>>(
  config: R & { path: P; access: A },
) {
  const body = config.request?.body;
  // Without `required`, zod-openapi does not validate a request without content type.
  if (body) body.required ??= true;
  const isJson = body !== undefined && "application/json" in body.content;
  return Object.assign(createRoute<P, R>(config), {
    middleware: guard<A>(
      config.access,
      config.path,
      isJson ? limitJsonBody(config.maxBody ?? MAX_JSON_BODY) : undefined,
    ),
  });
}

/** A registered route. `path` in OpenAPI form, from the root. */
export interface RouteRule {
  method: string;
  path: string;
  access: Access;
}

/** Every registered route of the app with its rule; tests iterate over it. */
export function listRoutes(app: OpenAPIHono<AppEnv>): RouteRule[] {
  return app.openAPIRegistry.definitions.flatMap((definition) => {
    if (definition.type !== "route") return [];
    const { method, path } = definition.route;
    return [{ method, path, access: accessOf(definition.route) }];
  });
}

/** The rule that `route()` set on a definition. @throws when there is none */
export function accessOf(definition: RouteConfig & { access?: Access }): Access {
  const { access, method, path } = definition;
  if (access === undefined) throw new Error(`${method} ${path} has no access rule: declare it with route()`);
  return access;
}

/**
 * Refuses to start with a route without a rule, or with a rule whose parameter is not in the path.
 * hono's list also contains middleware: method ALL and two parameters (`c`, `next`); all others must be in ours.
 */
export function assertRules(app: OpenAPIHono<AppEnv>): void {
  const rules = listRoutes(app);
  for (const rule of rules) assertPath(rule);
  const known = new Set(rules.map((r) => `${r.method.toUpperCase()} ${honoPath(r.path)}`));
  for (const { method, path, handler } of app.routes) {
    const middleware = method === "ALL" && handler.length === 2;
    if (!middleware && !known.has(`${method} ${path}`)) {
      throw new Error(`${method} ${path} has no access rule: declare it with route()`);
    }
  }
}

/** A rule's parameter must be in the path. */
function assertPath({ method, path, access }: RouteRule): void {
  if (access === "link" && !path.includes("{token}")) {
    throw new Error(`${method} ${path} has a link rule but no {token} in its path`);
  }
  if (subjectOf(access) === "organization" && !path.includes("{organization}")) {
    throw new Error(`${method} ${path} has an organization rule but no {organization} in its path`);
  }
  if (subjectOf(access) === "project" && !projectParameter(path)) {
    throw new Error(`${method} ${path} has a project rule but no {project} or {id} in its path`);
  }
}

/** `/projects/{id}` as `/projects/:id`. */
export function honoPath(path: string): string {
  return path.replaceAll(/\/{(.+?)}/g, "/:$1");
}

/** A required JSON body. */
export function json<S extends ZodType>(schema: S) {
  return { body: { required: true, content: { "application/json": { schema } } } } as const;
}

/** `responses` with one JSON response. Problems are not listed: every route can return them. */
export function answers<const Status extends number, S extends ZodType>(
  status: Status,
  schema: S,
  description: string,
) {
  const answer = { description, content: { "application/json": { schema } } } as const;
  return { [status]: answer } as Record<Status, typeof answer>;
}

/** `responses` with one response without a body. */
export function done<const Status extends 202 | 204 = 204>(description: string, status?: Status) {
  const answer = { description };
  return { [status ?? 204]: answer } as Record<Status, typeof answer>;
}
