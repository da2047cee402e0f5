/**
 * Everything that lets somebody into a project, opened once and tried again after a change.
 */
import { env } from "cloudflare:workers";
import { expect } from "vitest";
import { makeClient, PASSWORD } from "../../../support/client";
import { openSocket, type Watching, watchWith } from "../../../support/socket";
import { deliver, PUSHED_BINDINGS, webhookSecret } from "../../../support/webhook";
import { makeColleague, type Owner } from "../../workspace/dashboards/make-content";

const SCOPES = ["projects:read", "projects:write", "analytics:read", "content:write"];
const LINK_PASSWORD = "a password of a link";

/** What a colleague of the owner can do, by the credential that they do it with. */
export const DOORS = [
  "cookie",
  "access token",
  "reading by token",
  "writing by token",
  "socket by session",
  "socket by token",
  "ticket",
  "link",
  "unlocked link",
  "write key",
  "key from a site",
  "webhook",
] as const;
export type Door = (typeof DOORS)[number];

/** A project's colleague with every kind of access to it, and the ids by which it is taken away. */
export type Stage = Awaited<ReturnType<typeof makeStage>>;

/** An editor of the owner's project, whose doors are all open. The session of the doors is not the one of `editor.api`. */
export async function makeStage(owner: Owner) {
  const editor = await makeColleague(owner, "editor");
  await owner.inProject("PATCH", "", { domain: "shop.example" });
  const { api_key: key } = (await owner.inProject("GET", "")).data;
  const session = await signIn(editor.account.email);
  const scoped = { name: "CI", scopes: SCOPES };
  const { data: token } = await editor.api("POST", "/tokens", scoped);
  const dashboard = await editor.dashboards("POST", "", {
    ...{ name: "Shown", sharing: "organization", widgets: [] },
  });
  const links = `/${dashboard.data.id}/links`;
  const { data: link } = await editor.dashboards("POST", links, {});
  const { data: locked } = await editor.dashboards("POST", links, { password: LINK_PASSWORD });
  const unlocking = { body: { password: LINK_PASSWORD } };
  const { data: proof } = await makeClient()("POST", `/api/v1/public/${locked.token}/unlock`, unlocking);
  const webhook = await makeWebhook(owner);
  const sockets = {
    session: await watchWith(owner.project, session.token),
    token: await watchWith(owner.project, token.token),
  };
  const { data: issued } = await makeClient()("POST", `/api/v1/projects/${owner.project}/live-ticket`, {
    token: session.token,
  });
  return {
    ...{ owner, editor, session, token, links, link, locked, key, webhook, sockets },
    ...{ unlocked: proof.unlocked as string, ticket: issued.ticket as string, dashboard: dashboard.data },
  };
}

async function signIn(email: string) {
  const { data, headers } = await makeClient()("POST", "/api/v1/auth/login", {
    body: { email, password: PASSWORD },
  });
  const cookie = headers.get("set-cookie")?.split(";")[0] ?? "";
  return { token: data.access_token as string, cookie };
}

async function makeWebhook({ account: { call, token }, project }: Owner): Promise<string> {
  const mapping = {
    ...{ dataset: "orders", primary_key: ["id"], time_field: "at" },
    fields: [
      { name: "id", from: "id", type: "text" },
      { name: "at", from: "at", type: "time" },
    ],
  };
  const body = { driver: "webhook", keys: { secret: webhookSecret() }, settings: { mapping } };
  const path = `/api/v1/projects/${project}/sources`;
  const { status, data } = await call("POST", path, { token, body, bindings: PUSHED_BINDINGS });
  expect(status, JSON.stringify(data)).toBe(201);
  return data.id;
}

/** Sends an event with the write key, as a server or as a page of the site. */
async function sendEvent({ key }: Stage, headers: Record<string, string> = {}): Promise<boolean> {
  const body = { api_key: key, events: [{ event_type: "pageview", url: "https://shop.example/" }] };
  const { status } = await makeClient()("POST", "/api/v1/events/ingest", { body, headers });
  return status === 202;
}

/** Whether a socket is open and stays so; one whose credential ended closes at once. */
const isOpen = async ({ closed }: Watching): Promise<boolean> => {
  // A round trip after which a socket that is being closed has reported it.
  await env.CONTROL.prepare("SELECT 1").run();
  return closed.length === 0;
};

/** How each door is tried; returns whether it let in. */
export const TRIES: Record<Door, (stage: Stage) => Promise<boolean>> = {
  cookie: ({ owner, session: { cookie } }) => reads(owner, { cookie }),
  "access token": ({ owner, session: { token } }) => reads(owner, { token }),
  "reading by token": ({ owner, token: { token } }) => reads(owner, { token }),
  "writing by token": async ({ owner, token: { token } }) => {
    const path = `/api/v1/projects/${owner.project}/dashboards`;
    const body = { name: "New", widgets: [] };
    return (await makeClient()("POST", path, { token, body })).status === 201;
  },
  "socket by session": ({ sockets }) => isOpen(sockets.session),
  "socket by token": ({ sockets }) => isOpen(sockets.token),
  ticket: async ({ owner, ticket }) => {
    const socket = await openSocket(owner.project, {}, `?ticket=${ticket}`);
    await expect.poll(() => socket.frames.length + socket.closed.length).toBeGreaterThan(0);
    const isLetIn = socket.frames.length > 0;
    if (isLetIn) socket.close();
    return isLetIn;
  },
  link: async ({ link }) => (await makeClient()("GET", `/api/v1/public/${link.token}`)).status === 200,
  "unlocked link": async ({ locked, unlocked }) => {
    const headers = { "x-unlock": unlocked };
    return (await makeClient()("GET", `/api/v1/public/${locked.token}`, { headers })).status === 200;
  },
  "write key": (stage) => sendEvent(stage),
  "key from a site": (stage) => sendEvent(stage, { origin: "https://shop.example" }),
  webhook: async ({ webhook }) => (await deliver(webhook, { id: "a", at: Date.now() })).status === 202,
};

const reads = async ({ project }: Owner, proof: { cookie?: string; token?: string }) =>
  (await makeClient()("GET", `/api/v1/projects/${project}`, proof)).status === 200;
