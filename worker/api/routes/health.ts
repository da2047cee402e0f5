/**
 * Health check.
 * @module
 */
import { OpenAPIHono, z } from "@hono/zod-openapi";
import type { AppEnv } from "../context";
import { route } from "../route";

const health = route({
  method: "get",
  path: "/health",
  access: "anyone",
  tags: ["Service"],
  summary: "Check that the Worker responds",
  responses: {
    200: {
      description: "It does",
      content: {
        "application/json": { schema: z.object({ status: z.literal("ok") }) },
      },
    },
  },
});

/** `GET /health`: no I/O, so that a load balancer's check costs nothing. */
export const healthRoutes = new OpenAPIHono<AppEnv>().openapi(health, (c) =>
  c.json({ status: "ok" as const }, 200, { "cache-control": "no-store" }),
);
