/**
 * OpenAPI 3.1 of the app's own routes.
 * @module
 */
import { OpenAPIHono, z } from "@hono/zod-openapi";
import type { AppEnv } from "./auth";
import { route } from "./route";

const openapi = route({
  method: "get",
  path: "/v1/openapi.json",
  access: "anyone",
  tags: ["Service"],
  summary: "This description as OpenAPI 3.1",
  responses: {
    200: {
      description: "OpenAPI document",
      content: { "application/json": { schema: z.looseObject({}) } },
    },
  },
});

/** Routes that describe `app`; they read it when asked, after everything is mounted. */
export function docsRoutes(app: OpenAPIHono<AppEnv>) {
  return new OpenAPIHono<AppEnv>().openapi(openapi, (c) => {
    const document = app.getOpenAPI31Document({
      openapi: "3.1.0",
      info: { title: "Selvedge API", version: "1" },
    });
    return c.json({ ...document }, 200);
  });
}
