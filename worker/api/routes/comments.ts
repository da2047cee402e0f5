/**
 * Comments on a dashboard: threads, mentions, history.
 * @module
 */
import { OpenAPIHono, z } from "@hono/zod-openapi";
import { widgetIdSchema } from "../../../schema/wire/dashboard";
import {
  commentCreateSchema,
  commentHistorySchema,
  commentListSchema,
  commentSchema,
  commentUpdateSchema,
} from "../../../schema/wire/discussion";
import { CURSOR } from "../../lib/cursor";
import { readDashboard, type StoredDashboard } from "../../workspace/dashboards";
import {
  addComment,
  type Commenter,
  changeComment,
  deleteComment,
  historyOf,
  listComments,
  mentionedIn,
  mentionMails,
  type WrittenComment,
} from "../../workspace/discussion";
import { accepted } from "../actions";
import { actorOf, announce } from "../announce";
import type { AppEnv, ProjectCtx } from "../context";
import { problem } from "../errors";
import { limitReach } from "../limit";
import { answers, done, idParameter, json, route } from "../route";

const tags = ["Discussion"];
const path = "/projects/{project}/dashboards/{dashboard}/comments";
const place = z.object({ project: idParameter, dashboard: idParameter });
const one = place.extend({ comment: idParameter });
const reading = { scope: "content:read", role: "viewer" } as const;
const writing = { scope: "content:write", role: "viewer" } as const;

const list = route({
  method: "get",
  path,
  access: reading,
  tags,
  summary: "Threads of a dashboard",
  description:
    "Newest thread first, its replies after it, oldest first. `limit` counts threads. A deleted comment stays in its " +
    "thread with an empty body.",
  request: {
    params: place,
    query: z.object({
      widget_id: widgetIdSchema.optional(),
      /** `true`: resolved threads only; `false`: open ones only. */
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
    "On the dashboard, one of its widgets or a point in time of that widget's chart. With `parent_id` it is a reply to " +
    "a thread, at the thread's place. `@[Name](user_id)` mentions a member of the organization, who gets an e-mail; no " +
    "e-mails are sent for a private dashboard, which only its author sees.",
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
    "Only the author can edit the body; earlier bodies stay readable. Everyone can resolve and reopen.",
  request: { params: one, ...json(commentUpdateSchema) },
  responses: answers(200, commentSchema, "The changed comment"),
});

const remove = route({
  method: "delete",
  path: `${path}/{comment}`,
  access: writing,
  tags,
  summary: "Delete a comment",
  description:
    "For its author and for admins. Its body and history are deleted; in a thread an empty comment stays until the " +
    "thread is empty.",
  request: { params: one },
  responses: done("Deleted"),
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

/** Returns the dashboard, if the caller sees it, and the caller as its commenter. */
async function commenterOn(
  c: ProjectCtx,
  id: string,
): Promise<{ dashboard: StoredDashboard; commenter: Commenter }> {
  const { caller, project, role } = c.var;
  const viewer = { project: project.id, user: caller.user_id };
  const dashboard = (await readDashboard(c.env.CONTROL, viewer, id)) ?? problem("not_found");
  const commenter = { organization: project.organization_id, dashboard: id, user: caller.user_id, role };
  return { dashboard, commenter };
}

/** A comment that mentions people sends e-mails: refused when that happens too often. */
async function limitMentions(c: ProjectCtx, body: string): Promise<void> {
  if (mentionedIn(body).length > 0) await limitReach(c, "mention", c.var.caller.user_id);
}

/** Returns the e-mails to the people whom a comment mentions and who can see it. */
function mailsOf(c: ProjectCtx, { comment, mentioned }: WrittenComment, dashboard: StoredDashboard) {
  if (dashboard.sharing === "private") return [];
  const { origin } = new URL(c.req.url);
  return mentionMails(mentioned, {
    author: comment.author.name,
    dashboard: dashboard.name,
    body: comment.body,
    link: `${origin}/projects/${c.var.project.id}/dashboards/${dashboard.id}?comment=${comment.id}`,
  });
}

/** Publishes a change of a dashboard's comments. The subject in the feed is the dashboard. */
function publishOn(
  c: ProjectCtx,
  dashboard: StoredDashboard,
  {
    kind,
    written,
    isVisible = true,
  }: { kind?: "comment_added" | "comment_resolved"; written?: WrittenComment; isVisible?: boolean },
): void {
  const { id, name, sharing } = dashboard;
  announce(c.env, actorOf(c), {
    feed: kind && { kind, id, name, sharing },
    // Only its owner sees a private dashboard, and that is the caller.
    frame: isVisible ? { what: "comments", id, sharing, owner: c.var.caller.user_id } : undefined,
    emails: written ? mailsOf(c, written, dashboard) : [],
  });
}

/** Everything under a dashboard's comments. */
export const commentRoutes = new OpenAPIHono<AppEnv>()
  .openapi(list, async (c) => {
    const { dashboard } = await commenterOn(c, c.req.valid("param").dashboard);
    const { widget_id = null, resolved = null, limit, cursor } = c.req.valid("query");
    const filter = { widget: widget_id, resolved };
    return c.json(await listComments(c.env.CONTROL, dashboard.id, filter, { limit, cursor }), 200);
  })
  .openapi(add, async (c) => {
    const { dashboard, commenter } = await commenterOn(c, c.req.valid("param").dashboard);
    const wanted = c.req.valid("json");
    if (
      wanted.widget_id !== null &&
      wanted.parent_id === null &&
      !dashboard.widgets.some(({ id }) => id === wanted.widget_id)
    ) {
      problem("widget_not_found", "The dashboard has no widget with this id");
    }
    await limitMentions(c, wanted.body);
    const written = accepted(await addComment(c.env.CONTROL, commenter, wanted, Date.now()));
    publishOn(c, dashboard, { kind: "comment_added", written });
    return c.json(written.comment, 201);
  })
  .openapi(change, async (c) => {
    const { dashboard: dashboardId, comment: id } = c.req.valid("param");
    const { dashboard, commenter } = await commenterOn(c, dashboardId);
    const { body, resolved } = c.req.valid("json");
    if (body === undefined && resolved === undefined) {
      problem("invalid_request", "Send `body`, `resolved` or both");
    }
    await limitMentions(c, body ?? "");
    const wanted = { body, resolved };
    const changed = accepted(await changeComment(c.env.CONTROL, commenter, id, wanted, Date.now()));
    publishOn(c, dashboard, {
      ...(changed.settled && resolved && { kind: "comment_resolved" as const }),
      written: changed,
      isVisible: changed.settled || body !== undefined,
    });
    return c.json(changed.comment, 200);
  })
  .openapi(remove, async (c) => {
    const { dashboard: dashboardId, comment } = c.req.valid("param");
    const { dashboard, commenter } = await commenterOn(c, dashboardId);
    accepted(await deleteComment(c.env.CONTROL, commenter, comment, Date.now()));
    publishOn(c, dashboard, {});
    return c.body(null, 204);
  })
  .openapi(history, async (c) => {
    const { dashboard: id, comment } = c.req.valid("param");
    const { dashboard } = await commenterOn(c, id);
    return c.json({ data: accepted(await historyOf(c.env.CONTROL, dashboard.id, comment)) }, 200);
  });

/** The routes above as types, for the app's client. */
export type CommentRoute = typeof list | typeof add | typeof change | typeof remove | typeof history;
