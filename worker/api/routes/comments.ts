/**
 * Comments on a dashboard: threads, mentions, history.
 * @module
 */
import { OpenAPIHono, z } from "@hono/zod-openapi";
import {
  commentCreateSchema,
  commentHistorySchema,
  commentListSchema,
  commentSchema,
  commentUpdateSchema,
} from "../../../schema/wire/discussion";
import { emailDriver } from "../../outbound/notify";
import { type KeptDashboard, readDashboard } from "../../workspace/dashboards";
import {
  addComment,
  CURSOR,
  changeComment,
  deleteComment,
  historyOf,
  listComments,
  mentionedIn,
  type Said,
  type Talk,
  tellMentioned,
} from "../../workspace/discussion";
import type { AppEnv } from "../auth";
import { accepted, doerOf, type ProjectCtx } from "../discussing";
import { problem } from "../errors";
import { limitReach } from "../limit";
import { note } from "../noting";
import { defer } from "../request-context";
import { answers, done, json, route } from "../route";
import { tellProject } from "../telling";

const tags = ["Discussion"];
const path = "/projects/{project}/dashboards/{dashboard}/comments";
const place = z.object({ project: z.string(), dashboard: z.string() });
const one = place.extend({ comment: z.string() });
const reading = { scope: "content:read", role: "viewer" } as const;
const writing = { scope: "content:write", role: "viewer" } as const;

const list = route({
  method: "get",
  path,
  access: reading,
  tags,
  summary: "Threads of a dashboard",
  description:
    "Newest thread first, its answers after it, oldest first. `limit` counts threads. A deleted comment stays in its thread " +
    "with an empty body.",
  request: {
    params: place,
    query: z.object({
      widget_id: z.string().optional(),
      /** `true`: settled threads only; `false`: open ones only. */
      resolved: z.stringbool().optional(),
      limit: z.coerce.number().int().min(1).max(200).default(100),
      cursor: z.string().regex(CURSOR).optional(),
    }),
  },
  responses: answers(200, commentListSchema, "A page of threads"),
});

const add = route({
  method: "post",
  path,
  access: writing,
  tags,
  summary: "Comment",
  description:
    "On the dashboard, one of its widgets or a moment of that widget's chart. With `parent_id` it answers a thread, whose place " +
    "holds. `@[Name](user_id)` mentions a member of the organisation, who gets an e-mail; nobody gets one for a private " +
    "dashboard, which only its maker sees.",
  request: { params: place, ...json(commentCreateSchema.omit({ dashboard_id: true })) },
  responses: answers(201, commentSchema, "The comment"),
});

const change = route({
  method: "patch",
  path: `${path}/{comment}`,
  access: writing,
  tags,
  summary: "Edit a comment, resolve or reopen its thread",
  description:
    "The body is for its author to edit; the bodies before stay readable. Everyone may resolve and reopen.",
  request: { params: one, ...json(commentUpdateSchema) },
  responses: answers(200, commentSchema, "The comment as it is now"),
});

const remove = route({
  method: "delete",
  path: `${path}/{comment}`,
  access: writing,
  tags,
  summary: "Delete a comment",
  description:
    "For its author and for admins. Its body and history are gone; in a thread an empty place stays until nothing is left of it.",
  request: { params: one },
  responses: done("It is gone"),
});

const history = route({
  method: "get",
  path: `${path}/{comment}/history`,
  access: reading,
  tags,
  summary: "Earlier bodies of a comment",
  request: { params: one },
  responses: answers(200, commentHistorySchema, "Newest first"),
});

/** The dashboard, if the caller sees it, and who talks there. */
async function talkOn(c: ProjectCtx, id: string): Promise<{ dashboard: KeptDashboard; talk: Talk }> {
  const { caller, project, role } = c.var;
  const viewer = { project: project.id, user: caller.user_id };
  const dashboard = (await readDashboard(c.env.CONTROL, viewer, id)) ?? problem("not_found");
  const talk = { organization: project.organization_id, dashboard: id, user: caller.user_id, role };
  return { dashboard, talk };
}

/** Writes to those who are mentioned and can see it. */
async function mention(c: ProjectCtx, { comment, mentioned }: Said, dashboard: KeptDashboard): Promise<void> {
  if (mentioned.length === 0 || dashboard.sharing === "private") return;
  const { origin } = new URL(c.req.url);
  await tellMentioned(emailDriver(c.env.EMAIL, c.env.EMAIL_FROM), mentioned, {
    author: comment.author.name,
    dashboard: dashboard.name,
    body: comment.body,
    link: `${origin}/projects/${c.var.project.id}/dashboards/${dashboard.id}?comment=${comment.id}`,
  });
}

/** A comment that mentions people writes to them: refused when that happens too often. */
async function limitMentions(c: ProjectCtx, body: string): Promise<void> {
  if (mentionedIn(body).length > 0) await limitReach(c, "mention", c.var.caller.user_id);
}

/** Notes in the activity list what concerns everyone: it is the dashboard that is talked about. */
function noteOn(c: ProjectCtx, kind: "comment_added" | "comment_resolved", dashboard: KeptDashboard): void {
  note(c.env.CONTROL, doerOf(c), kind, dashboard);
}

/** Has open pages read the conversation again. */
function tell(c: ProjectCtx, { id, sharing }: KeptDashboard): void {
  // Who sees a private dashboard is its maker, and that is the caller.
  tellProject(c, { what: "comments", id, sharing, maker: c.var.caller.user_id });
}

/** Everything under a dashboard's comments. */
export const commentRoutes = new OpenAPIHono<AppEnv>()
  .openapi(list, async (c) => {
    const { dashboard } = await talkOn(c, c.req.valid("param").dashboard);
    const { widget_id = null, resolved = null, limit, cursor } = c.req.valid("query");
    const filter = { widget: widget_id, resolved };
    return c.json(await listComments(c.env.CONTROL, dashboard.id, filter, { limit, cursor }), 200);
  })
  .openapi(add, async (c) => {
    const { dashboard, talk } = await talkOn(c, c.req.valid("param").dashboard);
    const wanted = c.req.valid("json");
    if (
      wanted.widget_id !== null &&
      wanted.parent_id === null &&
      !dashboard.widgets.some(({ id }) => id === wanted.widget_id)
    ) {
      problem("unprocessable", "The dashboard has no widget with this id");
    }
    await limitMentions(c, wanted.body);
    const said = accepted(await addComment(c.env.CONTROL, talk, wanted, Date.now()));
    tell(c, dashboard);
    defer(mention(c, said, dashboard));
    noteOn(c, "comment_added", dashboard);
    return c.json(said.comment, 201);
  })
  .openapi(change, async (c) => {
    const { dashboard: dashboardId, comment: id } = c.req.valid("param");
    const { dashboard, talk } = await talkOn(c, dashboardId);
    const { body, resolved } = c.req.valid("json");
    if (body === undefined && resolved === undefined) {
      problem("invalid_request", "Send `body`, `resolved` or both");
    }
    await limitMentions(c, body ?? "");
    const wanted = { body, resolved };
    const changed = accepted(await changeComment(c.env.CONTROL, talk, id, wanted, Date.now()));
    if (changed.settled || body !== undefined) tell(c, dashboard);
    defer(mention(c, changed, dashboard));
    if (changed.settled && resolved) noteOn(c, "comment_resolved", dashboard);
    return c.json(changed.comment, 200);
  })
  .openapi(remove, async (c) => {
    const { dashboard: dashboardId, comment } = c.req.valid("param");
    const { dashboard, talk } = await talkOn(c, dashboardId);
    accepted(await deleteComment(c.env.CONTROL, talk, comment, Date.now()));
    tell(c, dashboard);
    return c.body(null, 204);
  })
  .openapi(history, async (c) => {
    const { dashboard: id, comment } = c.req.valid("param");
    const { dashboard } = await talkOn(c, id);
    return c.json({ data: accepted(await historyOf(c.env.CONTROL, dashboard.id, comment)) }, 200);
  });

/** The routes above as types, for the app's client. */
export type CommentRoute = typeof list | typeof add | typeof change | typeof remove | typeof history;
