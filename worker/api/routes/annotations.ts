/**
 * Annotations: notes on instants and ranges of a project's time.
 * @module
 */
import { OpenAPIHono, z } from "@hono/zod-openapi";
import {
  type Annotation,
  annotationCreateSchema,
  annotationListSchema,
  annotationSchema,
  annotationUpdateSchema,
} from "../../../schema/wire/discussion";
import { CURSOR } from "../../lib/cursor";
import {
  type Annotator,
  addAnnotation,
  changeAnnotation,
  deleteAnnotation,
  listAnnotations,
} from "../../workspace/discussion";
import { accepted } from "../actions";
import { actorOf, announce } from "../announce";
import type { AppEnv, ProjectCtx } from "../context";
import { answers, done, idParameter, json, route } from "../route";

const tags = ["Discussion"];
const path = "/projects/{project}/annotations";
const place = z.object({ project: idParameter });
const one = place.extend({ annotation: idParameter });
// Viewers may write private ones; sharing requires the role editor, which the discussion module checks.
const writing = { scope: "content:write", role: "viewer" } as const;

const list = route({
  method: "get",
  path,
  access: { scope: "content:read", role: "viewer" },
  tags,
  summary: "Annotations of a time range",
  description: "Those that overlap `[from, to)`, newest first: shared ones and your own.",
  request: {
    params: place,
    query: z.object({
      from: z.coerce.number().int().default(Number.MIN_SAFE_INTEGER),
      to: z.coerce.number().int().default(Number.MAX_SAFE_INTEGER),
      limit: z.coerce.number().int().min(1).max(1000).default(500),
      cursor: z.string().regex(CURSOR).optional(),
    }),
  },
  responses: answers(200, annotationListSchema, "A page of annotations"),
});

const add = route({
  method: "post",
  path,
  access: writing,
  tags,
  summary: "Annotate",
  description:
    "An instant, or with `until` a range. `private` ones are visible only to their author; sharing with the " +
    "organization requires the role editor. A deployment script can note a release with a personal token.",
  request: { params: place, ...json(annotationCreateSchema) },
  responses: answers(201, annotationSchema, "The annotation"),
});

const change = route({
  method: "patch",
  path: `${path}/{annotation}`,
  access: writing,
  tags,
  summary: "Change an annotation",
  description: "For its author and for admins.",
  request: { params: one, ...json(annotationUpdateSchema) },
  responses: answers(200, annotationSchema, "The changed annotation"),
});

const remove = route({
  method: "delete",
  path: `${path}/{annotation}`,
  access: writing,
  tags,
  summary: "Delete an annotation",
  description: "For its author and for admins.",
  request: { params: one },
  responses: done("Deleted"),
});

function annotatorOf(c: ProjectCtx): Annotator {
  return { project: c.var.project.id, user: c.var.caller.user_id, role: c.var.role };
}

/** Publishes a change of an annotation: to everyone when it is or was shared. New ones appear in the feed. */
function publishChange(
  c: ProjectCtx,
  { id, author, sharing, text }: Annotation,
  { before, kind }: { before?: Annotation; kind?: "annotation_added" } = {},
): void {
  const wasShared = before?.sharing === "organization";
  announce(c.env, actorOf(c), {
    feed: kind && { kind, id, name: text, sharing },
    frame: { what: "annotations", id, owner: author.user_id, sharing: wasShared ? "organization" : sharing },
  });
}

/** Everything under a project's annotations. */
export const annotationRoutes = new OpenAPIHono<AppEnv>()
  .openapi(list, async (c) => {
    const { from, to, limit, cursor } = c.req.valid("query");
    const page = await listAnnotations(c.env.CONTROL, annotatorOf(c), { from, to }, { limit, cursor });
    return c.json(page, 200);
  })
  .openapi(add, async (c) => {
    const made = accepted(
      await addAnnotation(c.env.CONTROL, annotatorOf(c), c.req.valid("json"), Date.now()),
    );
    publishChange(c, made, { kind: "annotation_added" });
    return c.json(made, 201);
  })
  .openapi(change, async (c) => {
    const id = c.req.valid("param").annotation;
    const { annotation, before } = accepted(
      await changeAnnotation(c.env.CONTROL, annotatorOf(c), id, c.req.valid("json")),
    );
    publishChange(c, annotation, { before });
    return c.json(annotation, 200);
  })
  .openapi(remove, async (c) => {
    const id = c.req.valid("param").annotation;
    publishChange(c, accepted(await deleteAnnotation(c.env.CONTROL, annotatorOf(c), id)));
    return c.body(null, 204);
  });

/** The routes above as types, for the app's client. */
export type AnnotationRoute = typeof list | typeof add | typeof change | typeof remove;
