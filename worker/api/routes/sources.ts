/**
 * Sources: what a project is connected to.
 * @module
 */
import { OpenAPIHono, z } from "@hono/zod-openapi";
import {
  consentSchema,
  sourceDetailSchema,
  sourceDriverListSchema,
  sourceListSchema,
  sourceNewSchema,
  sourceSchema,
  sourceUpdateSchema,
} from "../../../schema/wire/source";
import {
  completeConsent,
  createSource,
  driverViews,
  findSource,
  listSources,
  markDeleted,
  readSource,
  refreshAccounts,
  type StoredSource,
  sourceDetail,
  sourceView,
  startConsent,
  updateSource,
} from "../../sources/connections";
import { atLeast } from "../../tenancy/accounts";
import { findProject, projectIdsOf, storesOf } from "../../tenancy/projects";
import { accepted, beginSync, cancelRunning } from "../actions";
import { demandRole } from "../auth";
import type { AppEnv, Caller, ProjectCtx } from "../context";
import { problem } from "../errors";
import { answers, done, idParameter, json, route } from "../route";

const tags = ["Sources"];
/** Settings, keys and a mapping. */
const MAX_SOURCE_BODY = 256_000;
const path = "/projects/{project}/sources";
const place = z.object({ project: idParameter });
const one = place.extend({ source: idParameter });
const reading = { scope: "content:read", role: "viewer" } as const;
/** Running syncs does not show secrets. */
const running = { scope: "content:write", role: "editor" } as const;
/** Connecting gives the organization access to data of the user's vendor account. */
const connecting = { scope: "content:write", role: "admin" } as const;

const listAll = route({
  method: "get",
  path: "/sources",
  access: { scope: "content:read", over: "account" },
  tags,
  summary: "Sources of all your projects",
  request: { query: z.object({ project: idParameter.optional() }) },
  responses: answers(200, sourceListSchema, "Oldest first"),
});

const callback = route({
  method: "get",
  path: "/sources/callback",
  access: "account",
  tags,
  summary: "Callback of vendors after consent",
  description:
    "Redirects to the source's page, with the outcome in `connect`: `connected`, `denied`, `expired`, `other_user` or " +
    "`failed`.",
  request: {
    query: z.object({
      state: z.string().max(200),
      code: z.string().max(4000).optional(),
      error: z.string().max(1024).optional(),
    }),
  },
  responses: { 303: { description: "To the source's page" } },
});

const drivers = route({
  method: "get",
  path: `${path}/drivers`,
  access: reading,
  tags,
  summary: "List the drivers that can be connected",
  request: { params: place },
  responses: answers(200, sourceDriverListSchema, "Drivers with their fields, versions and streams"),
});

const list = route({
  method: "get",
  path,
  access: reading,
  tags,
  summary: "Sources of a project",
  request: { params: place },
  responses: answers(200, sourceListSchema, "Oldest first"),
});

const create = route({
  method: "post",
  path,
  access: connecting,
  tags,
  summary: "Create a source",
  description:
    "With `keys` it is connected and synced at once, or refused with the vendor's error. Without, send the user to the " +
    "URL that `POST …/connect` returns. Keys and tokens are encrypted and never returned.",
  request: { params: place, ...json(sourceNewSchema) },
  maxBody: MAX_SOURCE_BODY,
  responses: answers(201, sourceSchema, "The source"),
});

const read = route({
  method: "get",
  path: `${path}/{source}`,
  access: reading,
  tags,
  summary: "A source with its streams and limits",
  request: { params: one },
  responses: answers(200, sourceDetailSchema, "The source"),
});

const update = route({
  method: "patch",
  path: `${path}/{source}`,
  access: running,
  tags,
  summary: "Change a source",
  description:
    "Editors can change the name, accounts, interval and pause; `keys` and `settings` require the role admin. Pausing " +
    "cancels a running sync.",
  request: { params: one, ...json(sourceUpdateSchema) },
  maxBody: MAX_SOURCE_BODY,
  responses: answers(200, sourceSchema, "The changed source"),
});

const remove = route({
  method: "delete",
  path: `${path}/{source}`,
  access: connecting,
  tags,
  summary: "Delete a source and its records",
  description:
    "`confirm` must be the source's name. Its secrets are deleted at once, its records within minutes.",
  request: { params: one, query: z.object({ confirm: z.string().max(255).optional() }) },
  responses: done("Deleted"),
});

const connect = route({
  method: "post",
  path: `${path}/{source}/connect`,
  access: { scope: "session", role: "admin" },
  tags,
  summary: "Get the vendor's consent page",
  description: "The consent is valid for ten minutes and for the same user. Also used to connect again.",
  request: { params: one },
  responses: answers(200, consentSchema, "The URL to open"),
});

const check = route({
  method: "post",
  path: `${path}/{source}/check`,
  access: running,
  tags,
  summary: "Refresh the vendor's list of accounts",
  description: "New accounts are not selected.",
  request: { params: one },
  responses: answers(200, sourceSchema, "The source with its accounts"),
});

/** The path's source. */
export async function sourceOf(c: ProjectCtx, id: string): Promise<StoredSource> {
  return (await readSource(c.env.CONTROL, c.var.project.id, id)) ?? problem("not_found");
}

const redirectUri = (c: { req: { url: string } }) => `${new URL(c.req.url).origin}/api/v1/sources/callback`;

/** Whether the caller may connect sources of the project. */
async function mayConnect(env: Env, caller: Caller, project: string): Promise<boolean> {
  const organization = (await findProject(env.CONTROL, project))?.organization_id ?? "";
  const role = Object.hasOwn(caller.roles, organization) ? caller.roles[organization] : undefined;
  return role !== undefined && atLeast(role, "admin");
}

/** Everything about sources except their runs. */
export const sourceRoutes = new OpenAPIHono<AppEnv>()
  .openapi(listAll, async (c) => {
    const wanted = c.req.valid("query").project;
    const own = await projectIdsOf(c.env.CONTROL, Object.keys(c.var.caller.roles));
    const projects = own.filter((id) => wanted === undefined || id === wanted);
    const found = await listSources(c.env.CONTROL, projects);
    return c.json({ data: found.map(sourceView) }, 200);
  })
  .openapi(callback, async (c) => {
    const { state, code } = c.req.valid("query");
    const { caller } = c.var;
    const now = Date.now();
    const { source, outcome } = await completeConsent(
      c.env,
      { state, user: caller.user_id, redirect_uri: redirectUri(c), ...(code !== undefined && { code }) },
      ({ project_id }) => mayConnect(c.env, caller, project_id),
      now,
    );
    if (!source)
      return problem("consent_not_found", "The consent is unknown or was already used: connect again");
    const connected = outcome === "connected" ? await findSource(c.env.CONTROL, source.id) : null;
    // A paused source stays paused, also when its access is renewed.
    if (connected?.status === "active") await beginSync(c.env, connected, "connect");
    return c.redirect(`/projects/${source.project_id}/sources/${source.id}?connect=${outcome}`, 303);
  })
  .openapi(drivers, (c) => c.json({ data: driverViews(c.env) }, 200))
  .openapi(list, async (c) => {
    const found = await listSources(c.env.CONTROL, [c.var.project.id]);
    return c.json({ data: found.map(sourceView) }, 200);
  })
  .openapi(create, async (c) => {
    const now = Date.now();
    const who = { project: c.var.project.id, user: c.var.caller.user_id };
    const made = accepted(await createSource(c.env, who, c.req.valid("json"), now));
    if (made.status === "active") await beginSync(c.env, made, "connect");
    return c.json(sourceView(await sourceOf(c, made.id)), 201);
  })
  .openapi(read, async (c) => {
    const source = await sourceOf(c, c.req.valid("param").source);
    const { db } = await storesOf(c.env, source.project_id);
    return c.json(await sourceDetail(c.env, db, source, Date.now()), 200);
  })
  .openapi(update, async (c) => {
    const source = await sourceOf(c, c.req.valid("param").source);
    const change = c.req.valid("json");
    if (change.keys || change.settings) demandRole(c.var.caller, c.var.project.organization_id, "admin");
    const changed = accepted(await updateSource(c.env, source, change, Date.now()));
    if (change.paused === true) await cancelRunning(c.env, changed);
    return c.json(sourceView(await sourceOf(c, source.id)), 200);
  })
  .openapi(remove, async (c) => {
    const source = await sourceOf(c, c.req.valid("param").source);
    if (c.req.valid("query").confirm !== source.name) {
      const message = "Type the source's name to delete it";
      problem("invalid_request", message, [{ path: "confirm", code: "mismatch", message }]);
    }
    await cancelRunning(c.env, source);
    await markDeleted(c.env.CONTROL, source.id, Date.now());
    return c.body(null, 204);
  })
  .openapi(connect, async (c) => {
    const source = await sourceOf(c, c.req.valid("param").source);
    const who = { user: c.var.caller.user_id, redirect_uri: redirectUri(c) };
    const url = await startConsent(c.env, source, who, Date.now());
    if (typeof url !== "string") return problem(url.code, url.detail, url.errors);
    return c.json({ url }, 200);
  })
  .openapi(check, async (c) => {
    const source = await sourceOf(c, c.req.valid("param").source);
    return c.json(sourceView(accepted(await refreshAccounts(c.env, source, Date.now()))), 200);
  });

/** The routes above as types, for the app's client. */
export type SourceRoute =
  | typeof listAll
  | typeof callback
  | typeof drivers
  | typeof list
  | typeof create
  | typeof read
  | typeof update
  | typeof remove
  | typeof connect
  | typeof check;
