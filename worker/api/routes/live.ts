/**
 * Watching a project: tickets, and the socket itself.
 * @module
 */
import { OpenAPIHono, z } from "@hono/zod-openapi";
import type { Context } from "hono";
import { PROJECT_HEADER, TICKET_MS } from "../../live";
import { findProject } from "../../projects";
import type { AppEnv } from "../auth";
import { callerOf } from "../caller";
import { problem } from "../errors";
import { route } from "../route";

/** Closing code of a caller who may not watch (RFC 6455 7.4.1, policy violation). */
const NOT_ALLOWED = 1008;

const ticket = route({
  method: "post",
  path: "/projects/{id}/live-ticket",
  access: { scope: "analytics:read", role: "viewer" },
  tags: ["Live"],
  summary: "A ticket that opens the project's socket once",
  request: { params: z.object({ id: z.string() }) },
  responses: {
    200: {
      description: "Use it as `?ticket=` within `expires_in` seconds",
      content: {
        "application/json": { schema: z.object({ ticket: z.string(), expires_in: z.number().int() }) },
      },
    },
  },
});

const socket = route({
  method: "get",
  path: "/ws/events/{project}",
  access: "anyone",
  tags: ["Live"],
  summary: "Watch the project's events over a WebSocket",
  description:
    "Lets in a session cookie (from our own pages only), an `Authorization` header, or `?ticket=`. A socket that is refused " +
    "is opened and closed with 1008 (not allowed) or 1013 (full, try later), as browsers hide the status of a failed upgrade.",
  request: {
    params: z.object({ project: z.string() }),
    query: z.object({ ticket: z.string().optional() }),
  },
  responses: { 101: { description: "Frames: hello, events, stats, sampled, folded, synced" } },
});

/** The room of a project. */
function roomOf(env: Env, project: string) {
  return env.ROOM.get(env.ROOM.idFromName(project));
}

type Ctx<E extends AppEnv> = Context<E>;

/** Whether the caller proves, one way or the other, that it may watch. */
async function mayWatch<E extends AppEnv>(
  c: Ctx<E>,
  id: string,
  given: string | undefined,
): Promise<boolean> {
  // Looked up first: a room comes into being when it is asked, and strangers must not make any.
  const project = await findProject(c.env.CONTROL, id);
  if (!project) return false;
  if (given !== undefined) return roomOf(c.env, id).redeemTicket(given);
  // Browsers send cookies with a socket that any site opens, and no CORS stands in the way.
  const byCookie = c.req.header("authorization") === undefined;
  if (byCookie && c.req.header("origin") !== new URL(c.req.url).origin) return false;
  const caller = await callerOf(c);
  if (!caller?.scopes.includes("analytics:read")) return false;
  return project.organization_id in caller.roles;
}

/** A socket that says why it is not one. */
function refusedSocket(code: number, reason: string): Response {
  const [client, server] = Object.values(new WebSocketPair());
  server?.accept();
  server?.close(code, reason);
  return new Response(null, { status: 101, webSocket: client });
}

/** `POST /projects/{id}/live-ticket` and `GET /ws/events/{project}`. */
export const liveRoutes = new OpenAPIHono<AppEnv>()
  .openapi(ticket, async (c) => {
    const made = await roomOf(c.env, c.var.project.id).issueTicket();
    return c.json({ ticket: made, expires_in: TICKET_MS / 1000 }, 200, { "cache-control": "no-store" });
  })
  .openapi(socket, async (c) => {
    if (c.req.header("upgrade")?.toLowerCase() !== "websocket") {
      problem("invalid_request", "This address speaks WebSocket: send Upgrade: websocket");
    }
    const { project } = c.req.valid("param");
    if (!(await mayWatch(c, project, c.req.valid("query").ticket)))
      return refusedSocket(NOT_ALLOWED, "not allowed");
    const headers = { upgrade: "websocket", [PROJECT_HEADER]: project };
    return roomOf(c.env, project).fetch("https://room/", { headers });
  });
