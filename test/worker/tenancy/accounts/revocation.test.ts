/** Every change of a credential, a member or a project against every way in: nothing of the old works five seconds later. */
import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Scope } from "../../../../schema/wire/project";
import { Lru } from "../../../../worker/lib/lru";
import { createToken, listTokens } from "../../../../worker/tenancy/accounts";
import { makeAccount, PASSWORD } from "../../../support/client";
import { makeMailbox, sentTo, tokenIn } from "../../../support/mailbox";
import { PUSHED_BINDINGS, webhookSecret } from "../../../support/webhook";
import { makeOwner } from "../../workspace/dashboards/make-content";
import { DOORS, type Door, makeStage, type Stage, TRIES } from "./doors";

const { sent, bindings } = makeMailbox();
const SECONDS_MS = 5_000;
const NO_GRACE: Env = Object.assign({}, env, { KEY_GRACE_HOURS: "0" });
const NEW_PASSWORD = "another correct horse battery";

let ahead = 0;
beforeEach(() => {
  ahead = 0;
  const now = Date.now.bind(Date);
  vi.spyOn(Date, "now").mockImplementation(() => now() + ahead);
  sent.length = 0;
});
afterEach(() => void vi.restoreAllMocks());

const SESSION: Door[] = ["cookie", "access token", "socket by session", "ticket"];
const TOKEN: Door[] = ["reading by token", "writing by token", "socket by token"];
const LINKS: Door[] = ["link", "unlocked link"];
const KEY: Door[] = ["write key", "key from a site"];

interface Change {
  ends: Door[];
  make(stage: Stage): Promise<{ status: number }>;
}

const member = ({ owner, editor }: Stage) =>
  `/organizations/${owner.organization}/members/${editor.account.user.id}`;
const access = ({ owner }: Stage) => `/organizations/${owner.organization}/access`;
const source = ({ owner, webhook }: Stage) => `/api/v1/projects/${owner.project}/sources/${webhook}`;

async function reset({ editor }: Stage) {
  const { call, email } = editor.account;
  await call("POST", "/api/v1/auth/forgot-password", { body: { email }, bindings });
  const body = { token: tokenIn(await sentTo(sent, /password/i)), password: NEW_PASSWORD };
  return call("POST", "/api/v1/auth/reset-password", { body, bindings });
}

const CHANGES: Record<string, Change> = {
  "a token is revoked": {
    ends: TOKEN,
    make: ({ editor, token }) => editor.api("DELETE", `/tokens/${token.id}`),
  },
  "an owner takes the organization from a token": {
    ends: TOKEN,
    make: (stage) => stage.owner.api("DELETE", `${access(stage)}/tokens/${stage.token.id}`),
  },
  "a session is ended": {
    ends: SESSION,
    async make({ editor }) {
      const { data } = await editor.api("GET", "/auth/sessions");
      const other = data.data.find(({ current }: { current: boolean }) => !current);
      return editor.api("DELETE", `/auth/sessions/${other.id}`);
    },
  },
  "a session signs out": {
    ends: SESSION,
    make: ({ editor, session: { token } }) => editor.account.call("POST", "/api/v1/auth/logout", { token }),
  },
  "sign out everywhere": { ends: SESSION, make: ({ editor }) => editor.api("DELETE", "/auth/sessions") },
  "the password is changed": {
    ends: SESSION,
    make: ({ editor }) =>
      editor.api("POST", "/auth/change-password", { current_password: PASSWORD, password: NEW_PASSWORD }),
  },
  "the password is reset": { ends: [...SESSION, ...TOKEN], make: reset },
  "the member is removed": {
    ends: [...SESSION, ...TOKEN, ...LINKS],
    make: (stage) => stage.owner.api("DELETE", member(stage)),
  },
  "the member leaves": {
    ends: [...SESSION, ...TOKEN, ...LINKS],
    make: ({ owner, editor }) => editor.api("POST", `/organizations/${owner.organization}/leave`),
  },
  "the role is lowered": {
    ends: ["writing by token", ...LINKS],
    make: (stage) => stage.owner.api("PATCH", member(stage), { role: "viewer" }),
  },
  "the project is deleted": {
    ends: [...DOORS],
    make: ({ owner }) => owner.inProject("DELETE", "?confirm=Shop"),
  },
  "the write key is rotated": {
    ends: KEY,
    make: ({ owner: { account, project } }) =>
      account.call("POST", `/api/v1/projects/${project}/rotate-key`, {
        ...{ token: account.token, bindings: NO_GRACE },
      }),
  },
  "the project's domain is changed": {
    ends: ["key from a site"],
    make: ({ owner }) => owner.inProject("PATCH", "", { domain: "other.example" }),
  },
  "a link is revoked by its maker": {
    ends: ["link"],
    make: ({ editor, links, link }) => editor.dashboards("DELETE", `${links}/${link.id}`),
  },
  "a link with a password is revoked by an owner": {
    ends: ["unlocked link"],
    make: (stage) => stage.owner.api("DELETE", `${access(stage)}/links/${stage.locked.id}`),
  },
  "the dashboard is deleted": {
    ends: LINKS,
    make: ({ editor, dashboard }) => editor.dashboards("DELETE", `/${dashboard.id}`),
  },
  "the webhook's secret is replaced": {
    ends: ["webhook"],
    make: (stage) =>
      stage.owner.account.call("PATCH", source(stage), {
        ...{ token: stage.owner.account.token, bindings: PUSHED_BINDINGS },
        body: { keys: { secret: webhookSecret(new Uint8Array(32).fill(8)) } },
      }),
  },
  "the source is deleted": {
    ends: ["webhook"],
    make: (stage) =>
      stage.owner.account.call("DELETE", `${source(stage)}?confirm=Webhook`, {
        ...{ token: stage.owner.account.token, bindings: PUSHED_BINDINGS },
      }),
  },
};

async function openDoors(stage: Stage): Promise<Door[]> {
  const found: Door[] = [];
  for (const door of DOORS) if (await TRIES[door](stage)) found.push(door);
  return found;
}

describe("five seconds after", () => {
  test.each(Object.entries(CHANGES))("%s", async (_, { ends, make }) => {
    const stage = await makeStage(await makeOwner());
    // The ticket opens a socket once: it is tried afterwards only.
    for (const door of DOORS) if (door !== "ticket") expect(await TRIES[door](stage), door).toBe(true);
    // Another isolate makes the change: this one forgets nothing.
    const forget = vi.spyOn(Lru.prototype, "deleteWhere").mockImplementation(() => {});
    expect((await make(stage)).status).toBeLessThan(300);
    forget.mockRestore();
    ahead += SECONDS_MS;
    const left = DOORS.filter((door) => !ends.includes(door));
    await vi.waitFor(async () => expect(await sockets(stage)).toEqual(left.filter(isSocket)), SECONDS_MS);
    expect(await openDoors(stage)).toEqual(left);
    for (const socket of Object.values(stage.sockets)) socket.close();
  });
});

describe("a change while", () => {
  test("the old password is checked: no session is opened", async () => {
    const { call, email, token } = await makeAccount();
    // As the change does that another request makes after the check and before the insert.
    await env.CONTROL.prepare(
      `CREATE TRIGGER changed_meanwhile AFTER INSERT ON auth_sessions BEGIN
         UPDATE credentials SET password = 'another' WHERE user_id = NEW.user_id; END`,
    ).run();
    const { status, data } = await call("POST", "/api/v1/auth/login", {
      body: { email, password: PASSWORD },
    });
    await env.CONTROL.prepare("DROP TRIGGER changed_meanwhile").run();
    expect([status, data.code]).toEqual([401, "invalid_credentials"]);
    expect((await call("GET", "/api/v1/auth/sessions", { token })).data.data).toHaveLength(1);
  });

  test("a token is created: none is, without its session", async () => {
    const { user } = await makeAccount();
    const ended = { user_id: user.id, session_id: "ended" };
    const wanted: { name: string; scopes: Scope[] } = { name: "CI", scopes: ["projects:read"] };
    expect(await createToken(env.CONTROL, ended, wanted, Date.now())).toBeNull();
    expect(await listTokens(env.CONTROL, user.id)).toEqual([]);
  });
});

const isSocket = (door: Door) => door.startsWith("socket");

async function sockets(stage: Stage): Promise<Door[]> {
  const found: Door[] = [];
  for (const door of DOORS.filter(isSocket)) if (await TRIES[door](stage)) found.push(door);
  return found;
}
