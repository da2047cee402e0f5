/**
 * Projects: create, list, read, update, delete, rotate the write key.
 * @module
 */
import { OpenAPIHono, z } from "@hono/zod-openapi";
import { MAX_UNCONFIRMED_PROJECTS } from "../../../schema/wire/account";
import { projectCreateSchema, projectSchema, projectUpdateSchema } from "../../../schema/wire/project";
import { strict } from "../../../schema/wire/strict";
import { HOUR_MS } from "../../lib/time";
import { changeTimeZone, deleteProjectData, wakeFolder } from "../../pipeline/fold";
import { expel } from "../../pipeline/live";
import { deleteProjectSources } from "../../sources/connections";
import { atLeast, personalOrganization, signUpRule } from "../../tenancy/accounts";
import {
  createProject,
  deleteProject,
  listProjects,
  readProject,
  rotateKey,
  shardOf,
  storesOf,
  storesOfShard,
  updateProject,
} from "../../tenancy/projects";
import { deleteProjectActivity } from "../../workspace/activity";
import { deleteProjectDashboards } from "../../workspace/dashboards";
import { deleteProjectAnnotations } from "../../workspace/discussion";
import { demandRole, refuseUnconfirmed } from "../auth";
import type { AppEnv, Caller } from "../context";
import { problem } from "../errors";
import { limitRecompute } from "../limit";
import { answers, done, idParameter, json, route } from "../route";

const tags = ["Projects"];
const params = z.object({ id: idParameter });

const list = route({
  method: "get",
  path: "/projects",
  access: { scope: "projects:read", over: "account" },
  tags,
  summary: "Projects of your organizations",
  request: {
    query: z.object({
      limit: z.coerce.number().int().min(1).max(100).default(100),
      /** `next_cursor` of the previous page. */
      cursor: z.string().max(64).default(""),
    }),
  },
  responses: answers(
    200,
    z.object({ data: z.array(projectSchema), next_cursor: z.string().nullable() }),
    "Oldest first",
  ),
});

const create = route({
  method: "post",
  path: "/projects",
  access: { scope: "projects:write", role: "editor", over: "account" },
  tags,
  summary: "Create a project",
  description:
    "In the organization that `organization_id` names; by default in your own. An account whose address is not confirmed " +
    "may have one project; where sign-up is for certain domains, none.",
  request: json(projectCreateSchema),
  responses: answers(201, projectSchema, "The project with its write key"),
});

const read = route({
  method: "get",
  path: "/projects/{id}",
  access: { scope: "projects:read", role: "viewer" },
  tags,
  summary: "One project",
  request: { params },
  responses: answers(200, projectSchema, "The project"),
});

const update = route({
  method: "patch",
  path: "/projects/{id}",
  access: { scope: "projects:write", role: "admin" },
  tags,
  summary: "Change a project",
  description:
    "Fields that are left out do not change. With a new time zone, all days are computed again in the background; until " +
    "they are, numbers stay in the zone before, and `zone_change` is the progress. Another change restarts it with the " +
    "newest zone; the zone before ends it.",
  request: { params, ...json(projectUpdateSchema) },
  // Lists of property names and origins.
  maxBody: 256_000,
  responses: answers(200, projectSchema, "The changed project"),
});

const remove = route({
  method: "delete",
  path: "/projects/{id}",
  access: { scope: "projects:write", role: "owner" },
  tags,
  summary: "Delete a project and all its data",
  description:
    "`confirm` must be the project's name, in the query or the body. The write key is invalid immediately.",
  request: {
    params,
    query: z.object({ confirm: z.string().max(255).optional() }),
    body: {
      required: false,
      content: { "application/json": { schema: strict({ confirm: z.string().max(255).optional() }) } },
    },
  },
  responses: done("Deleted"),
});

const rotate = route({
  method: "post",
  path: "/projects/{id}/rotate-key",
  access: { scope: "projects:write", role: "admin" },
  tags,
  summary: "Rotate the project's write key",
  description: "The old key stays valid for 24 hours (a setting of the deployment).",
  request: { params },
  responses: answers(200, projectSchema, "The project with its new key"),
});

/** The project in full; it may have been deleted since the access check. */
async function fullProject(env: Env, id: string) {
  return (await readProject(env, id, Date.now())) ?? problem("not_found");
}

/** The default organization of a new project: the caller's own, else the only one in which they may create it. */
function defaultOrganization({ user_id, roles }: Caller): string {
  const taking = Object.keys(roles).filter((id) => atLeast(roles[id] ?? "viewer", "editor"));
  const own = personalOrganization(user_id);
  if (taking.includes(own)) return own;
  const [only, ...others] = taking;
  if (only && others.length === 0) return only;
  const message = "State which of your organizations the project belongs to";
  return problem("invalid_request", message, [{ path: "organization_id", code: "required", message }]);
}

/** Everything under /projects about the project itself. */
export const projectRoutes = new OpenAPIHono<AppEnv>()
  .openapi(list, async (c) => {
    const { cursor, limit } = c.req.valid("query");
    const page = { after: cursor, limit: limit + 1, now: Date.now() };
    const projects = await listProjects(c.env, Object.keys(c.var.caller.roles), page);
    const data = projects.slice(0, limit);
    return c.json({ data, next_cursor: projects.length > limit ? (data.at(-1)?.id ?? null) : null }, 200);
  })
  .openapi(create, async (c) => {
    const { organization_id, ...wanted } = c.req.valid("json");
    const organization = organization_id ?? defaultOrganization(c.var.caller);
    demandRole(c.var.caller, organization, "editor");
    const { user_id: user, is_confirmed } = c.var.caller;
    // With `domains` the address is the admission: it must be confirmed before anything.
    const most = signUpRule(c.env).mode === "domains" ? 0 : MAX_UNCONFIRMED_PROJECTS;
    const maker = is_confirmed ? undefined : { user, most };
    const made = await createProject(c.env, organization, wanted, Date.now(), maker);
    return c.json(made ?? refuseUnconfirmed(), 201);
  })
  .openapi(read, async (c) => c.json(await fullProject(c.env, c.var.project.id), 200))
  .openapi(update, async (c) => {
    const { id } = c.var.project;
    const change = c.req.valid("json");
    // The shard first: if the second write is lost, repeating the request corrects both.
    if (change.timezone !== undefined) {
      await limitRecompute(c, id);
      const shard = await shardOf(c.env, id);
      await changeTimeZone(storesOfShard(c.env, shard).db, id, change.timezone, Date.now());
      await wakeFolder(c.env, shard);
    }
    await updateProject(c.env.CONTROL, id, change);
    return c.json(await fullProject(c.env, c.var.project.id), 200);
  })
  .openapi(remove, async (c) => {
    const { name } = await fullProject(c.env, c.var.project.id);
    const typed = c.req.valid("query").confirm ?? c.req.valid("json").confirm;
    if (typed !== name) {
      const message = "Type the project's name to delete it";
      problem("invalid_request", message, [{ path: "confirm", code: "mismatch", message }]);
    }
    await deleteProjectSources(c.env.CONTROL, c.var.project.id, Date.now());
    await deleteProject(c.env.CONTROL, c.var.project.id, Date.now());
    await expel(c.env, [c.var.project.id], "all");
    await deleteProjectDashboards(c.env.CONTROL, c.var.project.id);
    await deleteProjectActivity(c.env.CONTROL, c.var.project);
    await deleteProjectAnnotations(c.env.CONTROL, c.var.project.id);
    await deleteProjectData((await storesOf(c.env, c.var.project.id)).db, c.var.project.id, Date.now());
    return c.body(null, 204);
  })
  .openapi(rotate, async (c) => {
    const graceMs = Number(c.env.KEY_GRACE_HOURS) * HOUR_MS;
    await rotateKey(c.env.CONTROL, c.var.project.id, graceMs, Date.now());
    return c.json(await fullProject(c.env, c.var.project.id), 200);
  });

/** The routes above as types, for the app's client. */
export type ProjectRoute =
  | typeof list
  | typeof create
  | typeof read
  | typeof update
  | typeof remove
  | typeof rotate;
