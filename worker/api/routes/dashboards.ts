/**
 * Dashboards of a project, and the results of their widgets.
 * @module
 */
import { OpenAPIHono, z } from "@hono/zod-openapi";
import {
  dashboardListSchema,
  dashboardNewSchema,
  dashboardResultsSchema,
  dashboardSchema,
  dashboardTemplateSchema,
  dashboardUpdateSchema,
  resultsRequestSchema,
} from "../../../schema/wire/dashboard";
import { isRefusal } from "../../questions/query";
import type { ProjectContext } from "../../tenancy/projects";
import {
  changeDashboard,
  copyDashboard,
  createDashboard,
  createFromTemplate,
  DASHBOARD_TEMPLATES,
  deleteDashboard,
  listDashboards,
  type ProjectAuthor,
  questionsOf,
  readDashboard,
  type StoredDashboard,
  settingWith,
  shown,
} from "../../workspace/dashboards";
import { announce } from "../announce";
import { ask, cachedJson, defined, refuse, resultsOf, settingOf } from "../answers";
import type { AppEnv, Caller } from "../context";
import { problem } from "../errors";
import { answers, done, idParameter, json, route } from "../route";

const tags = ["Dashboards"];
/** Text widgets have 20,000 characters each. */
const MAX_DASHBOARD_BODY = 1_000_000;
const path = "/projects/{project}/dashboards";
const place = z.object({ project: idParameter });
const one = place.extend({ dashboard: idParameter });
const reading = { scope: "content:read", role: "viewer" } as const;
const writing = { scope: "content:write", role: "editor" } as const;

const list = route({
  method: "get",
  path,
  access: reading,
  tags,
  summary: "Dashboards of a project",
  description: "The shared ones and your private ones, last changed first.",
  request: { params: place },
  responses: answers(200, dashboardListSchema, "The dashboards, without their widgets"),
});

const create = route({
  method: "post",
  path,
  access: writing,
  tags,
  summary: "Create a dashboard",
  description:
    "From the body, or from a template; a template also creates the defined metrics that it uses and that are missing. " +
    "Unknown names are refused with their position.",
  request: { params: place, ...json(dashboardNewSchema) },
  maxBody: MAX_DASHBOARD_BODY,
  responses: answers(201, dashboardSchema, "The dashboard"),
});

const read = route({
  method: "get",
  path: `${path}/{dashboard}`,
  access: reading,
  tags,
  summary: "One dashboard",
  request: { params: one },
  responses: answers(200, dashboardSchema, "The dashboard"),
});

const update = route({
  method: "patch",
  path: `${path}/{dashboard}`,
  access: writing,
  tags,
  summary: "Change a dashboard",
  description:
    "`version` is the version that was changed; if it is not the current one, the response is `conflict`.",
  request: { params: one, ...json(dashboardUpdateSchema) },
  maxBody: MAX_DASHBOARD_BODY,
  responses: answers(200, dashboardSchema, "The changed dashboard"),
});

const remove = route({
  method: "delete",
  path: `${path}/{dashboard}`,
  access: writing,
  tags,
  summary: "Delete a dashboard",
  description: "Also deletes its comments and links.",
  request: { params: one },
  responses: done("Deleted"),
});

const duplicate = route({
  method: "post",
  path: `${path}/{dashboard}/duplicate`,
  access: writing,
  tags,
  summary: "Duplicate a dashboard",
  request: { params: one },
  responses: answers(201, dashboardSchema, "The copy, owned by you"),
});

const results = route({
  method: "post",
  path: `${path}/{dashboard}/results`,
  access: { scope: "analytics:read", role: "viewer" },
  tags,
  summary: "Get the results of a dashboard",
  description:
    "All widgets are queried together: shared data is read once. `range`, `compare`, `filters` and `widgets` " +
    "replace the dashboard's own. A refused widget does not affect the others.",
  request: { params: one, ...json(resultsRequestSchema) },
  maxBody: MAX_DASHBOARD_BODY,
  responses: answers(200, dashboardResultsSchema, "A result or a problem for each widget with a query"),
});

const templates = route({
  method: "get",
  path: "/dashboard-templates",
  access: { scope: "content:read", over: "account" },
  tags,
  summary: "Dashboard templates",
  responses: answers(200, z.object({ data: z.array(dashboardTemplateSchema) }), "The templates"),
});

/** hono's context is invariant in its variables; this is the part that project routes have. */
interface Ctx {
  env: Env;
  var: { caller: Caller; project: ProjectContext };
}

function authorOf(c: Ctx): ProjectAuthor {
  const { project, caller } = c.var;
  return { project: project.id, organization: project.organization_id, user: caller.user_id };
}

async function dashboardOf(c: Ctx, id: string): Promise<StoredDashboard> {
  return (await readDashboard(c.env.CONTROL, authorOf(c), id)) ?? problem("not_found");
}

/** Publishes a change: to everyone when the dashboard is shared, or was shared `before`. */
function publishChange(
  c: Ctx,
  kind: "dashboard_created" | "dashboard_changed" | "dashboard_deleted",
  dashboard: StoredDashboard,
  before = dashboard,
): void {
  const { id, name, version, created_by: owner } = dashboard;
  const sharing = before.sharing === "organization" ? before.sharing : dashboard.sharing;
  announce(c.env, authorOf(c), {
    feed: { kind, id, name, sharing: dashboard.sharing },
    frame: { what: "dashboard", id, sharing, owner, ...(kind !== "dashboard_deleted" && { version }) },
  });
}

/** Everything under a project's dashboards except their links and comments. */
export const dashboardRoutes = new OpenAPIHono<AppEnv>()
  .openapi(list, async (c) => c.json({ data: await listDashboards(c.env.CONTROL, authorOf(c)) }, 200))
  .openapi(create, async (c) => {
    const wanted = c.req.valid("json");
    const made =
      "template" in wanted
        ? await createFromTemplate(c.env.CONTROL, authorOf(c), wanted, Date.now())
        : await createDashboard(c.env.CONTROL, authorOf(c), wanted, Date.now());
    if (isRefusal(made)) return refuse(made);
    publishChange(c, "dashboard_created", made);
    return c.json(shown(made), 201);
  })
  .openapi(read, async (c) => c.json(shown(await dashboardOf(c, c.req.valid("param").dashboard)), 200))
  .openapi(update, async (c) => {
    const before = await dashboardOf(c, c.req.valid("param").dashboard);
    const wanted = c.req.valid("json");
    const changed = await changeDashboard(c.env.CONTROL, authorOf(c), before.id, wanted, Date.now());
    if (!changed) return problem("not_found");
    if (isRefusal(changed)) return refuse(changed);
    publishChange(c, "dashboard_changed", changed, before);
    return c.json(shown(changed), 200);
  })
  .openapi(remove, async (c) => {
    const dashboard = await dashboardOf(c, c.req.valid("param").dashboard);
    await deleteDashboard(c.env.CONTROL, dashboard.id);
    publishChange(c, "dashboard_deleted", dashboard);
    return c.body(null, 204);
  })
  .openapi(duplicate, async (c) => {
    const dashboard = await dashboardOf(c, c.req.valid("param").dashboard);
    const made = await copyDashboard(c.env.CONTROL, authorOf(c), dashboard, Date.now());
    if (isRefusal(made)) return refuse(made);
    publishChange(c, "dashboard_created", made);
    return c.json(shown(made), 201);
  })
  .openapi(results, async (c) => {
    const [setting, dashboard] = await Promise.all([
      settingOf(c),
      dashboardOf(c, c.req.valid("param").dashboard),
    ]);
    const wanted = c.req.valid("json");
    const widgets = wanted.widgets ?? dashboard.widgets;
    const asked = questionsOf({ widgets }, settingWith(dashboard, wanted));
    const queries = await defined<string>(c, asked);
    const { version } = dashboard;
    const make = async () => ({
      version,
      timezone: setting.context.timezone,
      results: resultsOf(await ask(setting, queries)),
    });
    return c.json(...(await cachedJson(setting, ["dashboard", version, queries], make)));
  })
  .openapi(templates, (c) =>
    c.json({ data: [...DASHBOARD_TEMPLATES] }, 200, { "cache-control": "max-age=300" }),
  );

/** The routes above as types, for the app's client. */
export type DashboardRoute =
  | typeof list
  | typeof create
  | typeof read
  | typeof update
  | typeof remove
  | typeof duplicate
  | typeof results
  | typeof templates;
