/**
 * Activity of people.
 * @module
 */
import { OpenAPIHono, z } from "@hono/zod-openapi";
import { activityListSchema } from "../../../schema/wire/discussion";
import { CURSOR } from "../../lib/cursor";
import { listActivity } from "../../workspace/activity";
import type { AppEnv } from "../context";
import { answers, idParameter, route } from "../route";

const list = route({
  method: "get",
  path: "/projects/{project}/activity",
  access: { scope: "content:read", role: "viewer" },
  tags: ["Discussion"],
  summary: "Activity in the project and its organization",
  description: "Newest first, of the last 90 days. Private changes are left out.",
  request: {
    params: z.object({ project: idParameter }),
    query: z.object({
      limit: z.coerce.number().int().min(1).max(200).default(50),
      cursor: z.string().regex(CURSOR).optional(),
    }),
  },
  responses: answers(200, activityListSchema, "A page of activity"),
});

/** `GET /projects/{project}/activity`. */
export const activityRoutes = new OpenAPIHono<AppEnv>().openapi(list, async (c) => {
  const { id, organization_id } = c.var.project;
  const place = { organization: organization_id, project: id };
  return c.json(await listActivity(c.env.CONTROL, place, c.req.valid("query")), 200);
});

/** The routes above as types, for the app's client. */
export type ActivityRoute = typeof list;
