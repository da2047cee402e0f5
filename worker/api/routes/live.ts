/**
 * Watching a project: tickets, and the socket itself.
 * @module
 */
import { OpenAPIHono, z } from "@hono/zod-openapi";
import type { Context } from "hono";
import { PROJECT_HEADER, TICKET_MS, WATCHER_HEADER, type Watcher } from "../../pipeline/live";
import { admits } from "../../tenancy/accounts";
import { findProject, type ProjectContext } from "../../tenancy/projects";
import { membersAmong } from "../../workspace/discussion";
import { attend } from "../answers";
import { callerOf } from "../caller";
import type { AppEnv, Caller } from "../context";
import { problem } from "../errors";
import { defer } from "../request-context";
import { idParameter, route } from "../route";

/** Closing code of a caller who may not watch (RFC 6455 7.4.1, policy violation). */
const NOT_ALLOWED = 1008;

const ticket = route({
  method: "post",
  path: "/projects/{id}/live-ticket",
  access: { scope: "analytics:read", role: "viewer" },
  tags: ["Live"],
  summary: "A ticket that opens the project's socket once",
  request: { params: z.object({ id: idParameter }) },
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
    "Accepts a session cookie (from the product's own pages only), an `Authorization` header, or `?ticket=`. A refused socket " +
    "is opened and closed with 1008 (not allowed) or 1013 (full, try later), as browsers hide the status of a failed upgrade. " +
    'A page may send `{"type": "at", "dashboard_id": …}`: its user is then present there. A client with a personal ' +
    "token is a program and is not present.",
  request: {
    params: z.object({ project: idParameter }),
    query: z.object({ ticket: z.string().max(255).optional() }),
  },
  responses: {
    101: { description: "Frames: hello, events, stats, sampled, folded, synced, presence, changed" },
  },
});

/** The room of a project. */
function roomOf(env: Env, project: string) {
  return env.ROOM.get(env.ROOM.idFromName(project));
}

type Ctx<E extends AppEnv> = Context<E>;

/** The caller as a watcher, a person with a name or a program with a token; null for callers without access. */
async function watcherOf(
  control: D1Database,
  organization: string,
  { user_id, session_id, credential }: Caller,
): Promise<Watcher | null> {
  const [member] = await membersAmong(control, organization, [user_id]);
  return member ? { user_id, credential, name: session_id === null ? null : member.name } : null;
}

/** Whether the credential of a watcher who was admitted earlier still works. */
const isAdmitted = (env: Env, organization: string, watcher: Watcher): Promise<boolean> =>
  admits(env.CONTROL, organization, watcher, Date.now());

/** Closes the new socket if its credential ended while it was opened: the one who ended it may have seen no socket. */
async function checkAgain(env: Env, { id, organization_id }: ProjectContext, watcher: Watcher) {
  if (await isAdmitted(env, organization_id, watcher)) return;
  await roomOf(env, id).expel({ credentials: [watcher.credential] });
}

/** The watcher by any credential; null without access. */
async function admit<E extends AppEnv>(
  c: Ctx<E>,
  project: ProjectContext,
  given: string | undefined,
): Promise<Watcher | null> {
  const { id } = project;
  if (given !== undefined) {
    const watcher = await roomOf(c.env, id).redeemTicket(given);
    return watcher && (await isAdmitted(c.env, project.organization_id, watcher)) ? watcher : null;
  }
  // Browsers send cookies with a socket that any site opens, and CORS does not apply.
  const byCookie = c.req.header("authorization") === undefined;
  if (byCookie && c.req.header("origin") !== new URL(c.req.url).origin) return null;
  const caller = await callerOf(c);
  if (!caller?.scopes.includes("analytics:read")) return null;
  return watcherOf(c.env.CONTROL, project.organization_id, caller);
}

/** A socket that reports the refusal. */
function refusedSocket(code: number, reason: string): Response {
  const [client, server] = Object.values(new WebSocketPair());
  server?.accept();
  server?.close(code, reason);
  return new Response(null, { status: 101, webSocket: client });
}

/** `POST /projects/{id}/live-ticket` and `GET /ws/events/{project}`. */
export const liveRoutes = new OpenAPIHono<AppEnv>()
  .openapi(ticket, async (c) => {
    const { organization_id } = c.var.project;
    const watcher = await watcherOf(c.env.CONTROL, organization_id, c.var.caller);
    if (!watcher) problem("not_found");
    const made = await roomOf(c.env, c.var.project.id).issueTicket(watcher);
    return c.json({ ticket: made, expires_in: TICKET_MS / 1000 }, 200, { "cache-control": "no-store" });
  })
  .openapi(socket, async (c) => {
    if (c.req.header("upgrade")?.toLowerCase() !== "websocket") {
      problem("invalid_request", "This is a WebSocket endpoint: send Upgrade: websocket");
    }
    // Looked up first: a room is created when it is first called, and callers without access must not create any.
    const project = await findProject(c.env.CONTROL, c.req.valid("param").project);
    const watcher = project && (await admit(c, project, c.req.valid("query").ticket));
    if (!watcher) return refusedSocket(NOT_ALLOWED, "not allowed");
    const headers = {
      upgrade: "websocket",
      [PROJECT_HEADER]: project.id,
      [WATCHER_HEADER]: encodeURIComponent(JSON.stringify(watcher)),
    };
    const response = await roomOf(c.env, project.id).fetch("https://room/", { headers });
    defer(checkAgain(c.env, project, watcher));
    defer(attend(c.env, project.id, Date.now()));
    return response;
  });
