/**
 * Defined metrics of an organization.
 * @module
 */
import { OpenAPIHono, z } from "@hono/zod-openapi";
import {
  METRIC_FORMATS,
  type Metric,
  metricCreateSchema,
  metricDefinitionSchema,
  metricSchema,
  metricTemplateSchema,
  metricUpdateSchema,
  metricUsesSchema,
  unitSchema,
} from "../../../schema/wire/metric";
import { isRefusal } from "../../questions/query";
import { atLeast } from "../../tenancy/accounts";
import {
  changeMetric,
  checkMetric,
  createMetric,
  listMetrics,
  METRIC_TEMPLATES,
  readMetric,
  removeMetric,
  shownMetric,
  usesOf,
} from "../../workspace/dashboards";
import { announce } from "../announce";
import { refuse } from "../answers";
import type { AppEnv, Caller, OrganizationContext } from "../context";
import { problem } from "../errors";
import { answers, done, idParameter, json, route } from "../route";

const tags = ["Metrics"];
const MAX_METRIC_BODY = 256_000;
const path = "/organizations/{organization}/metrics";
const params = z.object({ organization: idParameter });
const one = params.extend({ metric: idParameter });
const reading = { scope: "content:read", role: "viewer", over: "organization" } as const;
const writing = { scope: "content:write", role: "editor", over: "organization" } as const;

const list = route({
  method: "get",
  path,
  access: reading,
  tags,
  summary: "Defined metrics",
  description: "Metrics of the organization and your private ones, by name.",
  request: { params },
  responses: answers(200, z.object({ data: z.array(metricSchema) }), "The metrics"),
});

const create = route({
  method: "post",
  path,
  access: writing,
  tags,
  summary: "Define a metric",
  description: "Queries and widgets use it as `metric:<name>`, formulas as `<name>`.",
  request: { params, ...json(metricCreateSchema) },
  maxBody: MAX_METRIC_BODY,
  responses: answers(201, metricSchema, "The metric"),
});

const read = route({
  method: "get",
  path: `${path}/{metric}`,
  access: reading,
  tags,
  summary: "One metric",
  request: { params: one },
  responses: answers(200, metricSchema, "The metric"),
});

const update = route({
  method: "patch",
  path: `${path}/{metric}`,
  access: writing,
  tags,
  summary: "Change a metric",
  description:
    "`version` is the version that was changed; if it is not the current one, the response is `conflict`. Verifying " +
    "requires the role admin and ends with the next change of the rule. A metric that others use cannot be renamed or " +
    "made private.",
  request: { params: one, ...json(metricUpdateSchema) },
  maxBody: MAX_METRIC_BODY,
  responses: answers(200, metricSchema, "The changed metric"),
});

const remove = route({
  method: "delete",
  path: `${path}/{metric}`,
  access: writing,
  tags,
  summary: "Delete a metric",
  description: "Refused while it is used, with the list of its uses that you can see.",
  request: { params: one },
  responses: done("Deleted"),
});

const uses = route({
  method: "get",
  path: `${path}/{metric}/uses`,
  access: reading,
  tags,
  summary: "Where a metric is used",
  request: { params: one },
  responses: answers(200, metricUsesSchema, "Metrics and dashboards that use it"),
});

const check = route({
  method: "post",
  path: "/projects/{project}/metrics/check",
  access: { scope: "content:read", role: "viewer" },
  tags,
  summary: "Check a definition",
  description: "Returns the errors of a definition with their positions, without storing it.",
  request: { params: z.object({ project: idParameter }), ...json(metricDefinitionSchema) },
  maxBody: MAX_METRIC_BODY,
  responses: answers(
    200,
    z.object({
      unit: unitSchema.nullable(),
      /** Default format; this and the following fields are present when there are no errors. */
      format: z.enum(METRIC_FORMATS).optional(),
      /** Datasets that it uses. */
      datasets: z.array(z.string()).optional(),
      /** The rule in one sentence. */
      explanation: z.string().optional(),
      errors: z.array(
        z.object({
          path: z.string(),
          code: z.string(),
          message: z.string(),
          /** Characters of the formula that the error is about, from 0, half-open. */
          at: z.number().int().optional(),
          end: z.number().int().optional(),
        }),
      ),
    }),
    "The resulting unit, or the errors",
  ),
});

const templates = route({
  method: "get",
  path: "/metric-templates",
  access: { scope: "content:read", over: "account" },
  tags,
  summary: "Metric templates",
  responses: answers(200, z.object({ data: z.array(metricTemplateSchema) }), "The templates"),
});

/** hono's context is invariant in its variables; this is the part that organization routes have. */
interface Ctx {
  env: Env;
  var: { caller: Caller; organization: OrganizationContext };
}

function authorOf(c: Ctx) {
  return { organization: c.var.organization.id, user: c.var.caller.user_id };
}

/** Publishes a change: to everyone when the metric is shared, or was shared `before`. */
function publishChange(
  c: Ctx,
  kind: "metric_created" | "metric_changed" | "metric_deleted",
  metric: Metric,
  before: Pick<Metric, "sharing"> = metric,
): void {
  const { id, name, version, created_by: owner } = metric;
  const sharing = before.sharing === "organization" ? before.sharing : metric.sharing;
  // Metrics belong to the whole organization.
  announce(
    c.env,
    { ...authorOf(c), project: null },
    {
      feed: { kind, id, name, sharing: metric.sharing },
      frame: { what: "metrics", id, sharing, owner, ...(kind !== "metric_deleted" && { version }) },
    },
  );
}

/** Everything about defined metrics. */
export const metricRoutes = new OpenAPIHono<AppEnv>()
  .openapi(list, async (c) => {
    const metrics = await listMetrics(c.env.CONTROL, authorOf(c));
    return c.json({ data: metrics.map(shownMetric) }, 200);
  })
  .openapi(create, async (c) => {
    const made = await createMetric(c.env.CONTROL, authorOf(c), c.req.valid("json"), Date.now());
    if (isRefusal(made)) return refuse(made);
    publishChange(c, "metric_created", made);
    return c.json(shownMetric(made), 201);
  })
  .openapi(read, async (c) => {
    const found = await readMetric(c.env.CONTROL, authorOf(c), c.req.valid("param").metric);
    return c.json(shownMetric(found ?? problem("not_found")), 200);
  })
  .openapi(update, async (c) => {
    const wanted = { change: c.req.valid("json"), mayVerify: atLeast(c.var.organization.role, "admin") };
    const before = await readMetric(c.env.CONTROL, authorOf(c), c.req.valid("param").metric);
    if (!before) return problem("not_found");
    const changed = await changeMetric(c.env.CONTROL, authorOf(c), before.id, wanted, Date.now());
    if (!changed) return problem("not_found");
    if (isRefusal(changed)) return refuse(changed);
    publishChange(c, "metric_changed", changed, before);
    return c.json(shownMetric(changed), 200);
  })
  .openapi(remove, async (c) => {
    const removed = await removeMetric(c.env.CONTROL, authorOf(c), c.req.valid("param").metric);
    if (!removed) return problem("not_found");
    if (isRefusal(removed)) return refuse(removed);
    publishChange(c, "metric_deleted", removed);
    return c.body(null, 204);
  })
  .openapi(uses, async (c) => {
    const found = await readMetric(c.env.CONTROL, authorOf(c), c.req.valid("param").metric);
    if (!found) return problem("not_found");
    return c.json({ data: await usesOf(c.env.CONTROL, authorOf(c), found.name) }, 200);
  })
  .openapi(check, async (c) => {
    const viewer = { organization: c.var.project.organization_id, user: c.var.caller.user_id };
    return c.json(await checkMetric(c.env.CONTROL, viewer, c.req.valid("json")), 200);
  })
  .openapi(templates, (c) =>
    c.json({ data: [...METRIC_TEMPLATES] }, 200, { "cache-control": "max-age=300" }),
  );

/** The routes above as types, for the app's client. */
export type MetricRoute =
  | typeof list
  | typeof create
  | typeof read
  | typeof update
  | typeof remove
  | typeof uses
  | typeof check
  | typeof templates;
