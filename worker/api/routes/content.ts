/**
 * Content as code: export, check, compare and apply shared metrics and dashboards as files.
 * @module
 */
import { OpenAPIHono, z } from "@hono/zod-openapi";
import {
  type ContentRequest,
  contentAppliedSchema,
  contentDiffSchema,
  contentDocumentSchema,
  contentFilesSchema,
  contentRequestSchema,
  contentValidationSchema,
} from "../../../schema/wire/content";
import { dashboardSchema } from "../../../schema/wire/dashboard";
import { sharingSchema } from "../../../schema/wire/metric";
import { strict } from "../../../schema/wire/strict";
import { isRefusal } from "../../questions/query";
import type { ProjectContext } from "../../tenancy/projects";
import {
  applyContent,
  exportContent,
  exportDashboard,
  importDashboard,
  planContent,
  readDashboard,
  shown,
  type Touched,
} from "../../workspace/dashboards";
import { announce } from "../announce";
import { refuse } from "../answers";
import type { AppEnv, Caller } from "../context";
import { problem } from "../errors";
import { answers, idParameter, json, route } from "../route";

const tags = ["Content as code"];
/** All files of a project in one request. */
const MAX_CONTENT_BODY = 4_000_000;
const path = "/projects/{project}/content";
const params = z.object({ project: idParameter });
const reading = { scope: "content:read", role: "viewer" } as const;
const writing = { scope: "content:write", role: "editor" } as const;

const read = route({
  method: "get",
  path,
  access: reading,
  tags,
  summary: "Export shared metrics and dashboards as YAML",
  description: "One document each, separated by `---`; with `format=files` as separate files.",
  request: { params, query: z.object({ format: z.enum(["yaml", "files"]).default("yaml") }) },
  responses: {
    200: {
      description: "The documents",
      content: {
        "application/yaml": { schema: z.string() },
        "application/json": { schema: contentFilesSchema },
      },
    },
  },
});

const validate = route({
  method: "post",
  path: `${path}/validate`,
  access: reading,
  tags,
  summary: "Check files",
  description: "Returns each fault with its line and column.",
  request: { params, ...json(contentRequestSchema) },
  maxBody: MAX_CONTENT_BODY,
  responses: answers(200, contentValidationSchema, "The faults"),
});

const diff = route({
  method: "post",
  path: `${path}/diff`,
  access: reading,
  tags,
  summary: "Compare files with the stored content",
  request: { params, ...json(contentRequestSchema) },
  maxBody: MAX_CONTENT_BODY,
  responses: answers(200, contentDiffSchema, "What applying them would create, change and delete"),
});

const apply = route({
  method: "post",
  path: `${path}/apply`,
  access: writing,
  tags,
  summary: "Apply files",
  description: "Applies all files in one transaction. With faults nothing is applied.",
  request: { params, ...json(contentRequestSchema) },
  maxBody: MAX_CONTENT_BODY,
  responses: answers(200, contentAppliedSchema, "What was created, changed and deleted"),
});

const schema = route({
  method: "get",
  path: "/content-schema",
  access: "anyone",
  tags,
  summary: "JSON Schema of a document",
  responses: answers(200, z.looseObject({}), "The schema, for editors"),
});

const exported = route({
  method: "get",
  path: "/projects/{project}/dashboards/{dashboard}/export",
  access: reading,
  tags,
  summary: "Export a dashboard as a file",
  description: "Includes the defined metrics that it uses.",
  request: {
    params: params.extend({ dashboard: idParameter }),
    query: z.object({ format: z.enum(["yaml", "json"]).default("yaml") }),
  },
  responses: {
    200: {
      description: "The file",
      content: { "application/yaml": { schema: z.string() }, "application/json": { schema: z.json() } },
    },
  },
});

const imported = route({
  method: "post",
  path: "/projects/{project}/dashboards/import",
  access: writing,
  tags,
  summary: "Import a dashboard from a file",
  description: "YAML or JSON, as exported. Creates a new dashboard and the metrics that are missing.",
  request: {
    params,
    ...json(strict({ text: z.string().max(500_000), sharing: sharingSchema.default("organization") })),
  },
  maxBody: MAX_CONTENT_BODY,
  responses: answers(201, dashboardSchema, "The dashboard"),
});

/** hono's context is invariant in its variables; this is the part that project routes have. */
interface Ctx {
  env: Env;
  req: { url: string };
  var: { caller: Caller; project: ProjectContext };
}

function authorOf({ var: { project, caller } }: Ctx) {
  return { project: project.id, organization: project.organization_id, user: caller.user_id };
}

const schemaOf = (c: Ctx) => new URL("/api/v1/content-schema", c.req.url).href;
const plan = (c: Ctx, request: ContentRequest) => planContent(c.env.CONTROL, authorOf(c), request);

/** Publishes the changes made by files. */
function publishAll(c: Ctx, touched: readonly Touched[]): void {
  const actor = authorOf(c);
  for (const { kind, change, id, name, version } of touched) {
    const isMetric = kind === "metric";
    const place = { id, sharing: "organization" } as const;
    announce(
      c.env,
      { ...actor, project: isMetric ? null : actor.project },
      {
        feed: { kind: `${kind}_${change}`, name, ...place },
        frame: { what: isMetric ? "metrics" : "dashboard", version, owner: actor.user, ...place },
      },
    );
  }
}

/** Content as code, and single dashboards as files. */
export const contentRoutes = new OpenAPIHono<AppEnv>()
  .openapi(read, async (c) => {
    const files = await exportContent(c.env.CONTROL, authorOf(c), schemaOf(c));
    if (c.req.valid("query").format === "files") return c.json({ files }, 200);
    const text = files.map((file) => file.text).join("---\n");
    return c.body(text, 200, { "content-type": "application/yaml" });
  })
  .openapi(validate, async (c) => {
    const { faults } = await plan(c, c.req.valid("json"));
    return c.json({ valid: faults.length === 0, faults }, 200);
  })
  .openapi(diff, async (c) => {
    const { faults, changes } = await plan(c, c.req.valid("json"));
    return c.json({ valid: faults.length === 0, faults, changes }, 200);
  })
  .openapi(apply, async (c) => {
    const applied = await applyContent(c.env.CONTROL, authorOf(c), c.req.valid("json"), Date.now());
    if (isRefusal(applied)) return refuse(applied);
    const { faults, changes } = applied;
    publishAll(c, applied.touched);
    return c.json({ valid: faults.length === 0, applied: faults.length === 0, faults, changes }, 200);
  })
  .openapi(schema, (c) =>
    c.json({ ...z.toJSONSchema(contentDocumentSchema, { io: "input" }) }, 200, {
      "cache-control": "max-age=300",
    }),
  )
  .openapi(exported, async (c) => {
    const dashboard = await readDashboard(c.env.CONTROL, authorOf(c), c.req.valid("param").dashboard);
    if (!dashboard) return problem("not_found");
    const { format } = c.req.valid("query");
    const text = await exportDashboard(c.env.CONTROL, authorOf(c), dashboard, {
      format,
      schema: schemaOf(c),
    });
    return c.body(text, 200, {
      "content-type": `application/${format}`,
      "content-disposition": `attachment; filename="${dashboard.slug ?? "dashboard"}.${format}"`,
    });
  })
  .openapi(imported, async (c) => {
    const made = await importDashboard(c.env.CONTROL, authorOf(c), c.req.valid("json"), Date.now());
    if ("faults" in made) {
      const errors = made.faults.map(({ line, column, path: place, message }) => ({
        ...{ path: place, code: "file_invalid" },
        message: `Line ${line}, column ${column}: ${message}`,
      }));
      return problem("file_invalid", errors[0]?.message, errors);
    }
    if (isRefusal(made)) return refuse(made);
    const { id, name, version, sharing, created_by: owner } = made;
    announce(c.env, authorOf(c), {
      feed: { kind: "dashboard_created", id, name, sharing },
      frame: { what: "dashboard", id, version, sharing, owner },
    });
    return c.json(shown(made), 201);
  });

/** The routes above as types, for the app's client. */
export type ContentRoute =
  | typeof read
  | typeof validate
  | typeof diff
  | typeof apply
  | typeof schema
  | typeof exported
  | typeof imported;
