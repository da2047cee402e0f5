/**
 * The description of the API: for machines at /api/v1/openapi.json, for people at /api/docs.
 * @module
 */
import { OpenAPIHono, z } from "@hono/zod-openapi";
import { secureHeaders } from "hono/secure-headers";
import type { AppEnv } from "./context";
import { describe, type OpenApi } from "./describe/document";
import { page } from "./describe/page";
import { answers, route } from "./route";

const tags = ["Service"];

const machine = route({
  method: "get",
  path: "/v1/openapi.json",
  access: "anyone",
  tags,
  summary: "This description as OpenAPI 3.1",
  responses: answers(200, z.looseObject({ openapi: z.literal("3.1.0") }), "The document"),
});

const people = route({
  method: "get",
  path: "/docs",
  access: "anyone",
  tags,
  summary: "This description as a page",
  responses: { 200: { description: "HTML", content: { "text/html": { schema: z.string() } } } },
});

/** Routes that describe `app`: computed on first request, after everything is mounted. */
export function describingRoutes(app: OpenAPIHono<AppEnv>) {
  let made: OpenApi | undefined;
  const document = () => {
    made ??= describe(app);
    return made;
  };
  const routes = new OpenAPIHono<AppEnv>();
  // hono's `use` forgets OpenAPIHono's type, hence not chained.
  routes.use(
    "/docs/*",
    secureHeaders({ contentSecurityPolicy: { defaultSrc: ["'none'"], styleSrc: ["'unsafe-inline'"] } }),
  );
  return routes
    .openapi(machine, (c) => c.json({ ...document() }, 200, { "cache-control": "max-age=60" }))
    .openapi(people, (c) => c.html(page(document(), new URL(c.req.url).origin)));
}
