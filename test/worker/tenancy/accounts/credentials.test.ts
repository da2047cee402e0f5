import { env } from "cloudflare:workers";
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { SCOPES } from "../../../../schema/wire/project";
import { makeAccount, makeClient, PASSWORD } from "../../../support/client";
import { makeMailbox, sentTo, tokenIn } from "../../../support/mailbox";
import { expelled, openSocket, watchWith } from "../../../support/socket";

const AUTH = "/api/v1/auth";
const NEW_PASSWORD = "a new battery staple";
const ORIGIN = { origin: "http://localhost" };

const { sent, bindings } = makeMailbox();
beforeAll(makeAccount);
beforeEach(() => {
  sent.length = 0;
});

/** A sign-in session: its access token and cookie. */
async function registered(email: string, password = PASSWORD) {
  const call = makeClient();
  const body = { email, password };
  const { data, headers } = await call("POST", `${AUTH}/register`, { body, bindings });
  const cookie = headers.get("set-cookie")?.split(";")[0] ?? "";
  return { call, email, token: data.access_token as string, cookie, user: data.user };
}

async function signedIn(email: string, password: string) {
  const { data } = await makeClient()("POST", `${AUTH}/login`, { body: { email, password } });
  return data.access_token as string;
}

async function resetLink(email: string, count = 1): Promise<string> {
  await makeClient()("POST", `${AUTH}/forgot-password`, { body: { email }, bindings });
  return tokenIn(await sentTo(sent, /new password/i, count));
}

const reset = (token: string, password = NEW_PASSWORD) =>
  makeClient()("POST", `${AUTH}/reset-password`, { body: { token, password } });

const newToken = async ({ call, token }: { call: ReturnType<typeof makeClient>; token: string }) =>
  call("POST", "/api/v1/tokens", { token, body: { name: "mine", scopes: SCOPES } });

const status = async (token: string) => (await makeClient()("GET", "/api/v1/projects", { token })).status;

describe("an address that was registered by somebody else first", () => {
  /** What an attacker holds who registered the address: everything that an unconfirmed account can make. */
  async function hijacked() {
    const email = `cfo-${crypto.randomUUID()}@corp.example`;
    const attacker = await registered(email);
    const { data: project } = await attacker.call("POST", "/api/v1/projects", {
      token: attacker.token,
      body: { name: "Bait" },
    });
    const dashboards = `/api/v1/projects/${project.id}/dashboards`;
    const widgets: unknown[] = [];
    const { data: dashboard } = await attacker.call("POST", dashboards, {
      token: attacker.token,
      body: { name: "Bait", widgets },
    });
    const { data: link } = await attacker.call("POST", `${dashboards}/${dashboard.id}/links`, {
      token: attacker.token,
      body: {},
    });
    const { data: issued } = await attacker.call("POST", `/api/v1/projects/${project.id}/live-ticket`, {
      token: attacker.token,
    });
    const apiToken = await newToken(attacker);
    const socket = await watchWith(project.id, attacker.token);
    return { email, attacker, project, link, ticket: issued.ticket as string, apiToken, socket };
  }

  test("is worth nothing to them once its owner has chosen a password and joined an organization", async () => {
    const { email, attacker, project, link, ticket, apiToken, socket } = await hijacked();
    expect([apiToken.status, apiToken.data.code]).toEqual([403, "email_unconfirmed"]);
    // A token of a time when unconfirmed accounts could make them.
    await env.CONTROL.prepare(
      "INSERT INTO api_tokens (id, user_id, name, scopes, hash, created_at) VALUES (?1, ?1, 'old', '[]', ?1, 0)",
    )
      .bind(attacker.user.id)
      .run();
    const oldLink = await resetLink(email);
    expect((await reset(await resetLink(email, 2))).status).toBe(204);

    const owner = await makeAccount();
    const path = `/api/v1/organizations/o${owner.user.id}/invitations`;
    await owner.call("POST", path, { token: owner.token, body: { email, role: "admin" }, bindings });
    const invitation = /\/invitations\/([\w-]+)/.exec((await sentTo(sent, /invites you/)).text)?.[1];
    const real = await signedIn(email, NEW_PASSWORD);
    const accept = `/api/v1/invitations/${invitation}/accept`;
    expect((await makeClient()("POST", accept, { token: real })).status).toBe(200);
    const me = await makeClient()("GET", `${AUTH}/me`, { token: real });
    expect(me.data.user.email_verified).toBe(true);
    expect(me.data.organizations).toHaveLength(2);

    expect(await status(attacker.token), "access token").toBe(401);
    const byCookie = await makeClient()("GET", `${AUTH}/me`, { cookie: attacker.cookie });
    expect(byCookie.status, "cookie").toBe(401);
    const renewed = await makeClient()("POST", `${AUTH}/refresh`, {
      cookie: attacker.cookie,
      headers: ORIGIN,
    });
    expect(renewed.status, "refresh").toBe(401);
    const tokens = await makeClient()("GET", "/api/v1/tokens", { token: real });
    expect(tokens.data.data, "tokens").toEqual([]);
    expect((await reset(oldLink)).status, "older reset link").toBe(400);
    expect(await signedIn(email, PASSWORD), "password").toBeUndefined();
    await expelled(socket);
    const redeemed = await openSocket(project.id, {}, `?ticket=${ticket}`);
    await expelled(redeemed);
    expect((await makeClient()("GET", `/api/v1/public/${link.token}`)).status, "public link").toBe(404);
  });

  test("is confirmed by nobody who is not signed in to the account: the attacker's password must not become good", async () => {
    const { attacker } = await hijacked();
    const token = tokenIn(await sentTo(sent, /confirm/i));
    const bystander = await makeAccount();
    for (const credentials of [{}, { token: bystander.token }]) {
      const { status, data } = await makeClient()("POST", `${AUTH}/verify-email`, {
        ...credentials,
        body: { token },
      });
      expect([status, data.code]).toEqual([403, "confirmation_sign_in_required"]);
    }
    const me = await attacker.call("GET", `${AUTH}/me`, { token: attacker.token });
    expect(me.data.user.email_verified).toBe(false);
  });
});

describe("an unconfirmed address", () => {
  test("may have one project, and makes no token, invitation or acceptance", async () => {
    const account = await registered(`${crypto.randomUUID()}@example.com`);
    const ask = (path: string, body?: unknown) =>
      account.call("POST", `/api/v1${path}`, { token: account.token, body });
    expect((await ask("/projects", { name: "One" })).status).toBe(201);
    const { data: second } = await ask("/organizations", { name: "Second" });
    const owner = await makeAccount();
    const invited = await owner.call("POST", `/api/v1/organizations/o${owner.user.id}/invitations`, {
      token: owner.token,
      body: { email: account.email, role: "viewer" },
      bindings,
    });
    expect(invited.status).toBe(201);
    const secret = /\/invitations\/([\w-]+)/.exec((await sentTo(sent, /invites you/)).text)?.[1];
    const refused = [
      await ask("/projects", { name: "Two" }),
      await ask("/projects", { name: "Two", organization_id: second.id }),
      await ask("/tokens", { name: "t", scopes: ["events:write"] }),
      await ask(`/organizations/${second.id}/invitations`, { email: "x@example.com", role: "viewer" }),
      await ask(`/invitations/${secret}/accept`),
    ];
    expect(refused.map(({ status, data }) => [status, data.code])).toEqual(
      Array.from(refused, () => [403, "email_unconfirmed"]),
    );
  });

  test("has one project also when it asks for several at once", async () => {
    const { call, token } = await registered(`${crypto.randomUUID()}@example.com`);
    const body = { name: "Many" };
    const answers = await Promise.all([1, 2, 3].map(() => call("POST", "/api/v1/projects", { token, body })));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 403, 403]);
  });

  test("confirms itself while signed in; then other sessions, tokens and invitations are over", async () => {
    const email = `${crypto.randomUUID()}@example.com`;
    const account = await registered(email);
    const other = await signedIn(email, PASSWORD);
    await env.CONTROL.batch([
      env.CONTROL.prepare(
        "INSERT INTO api_tokens (id, user_id, name, scopes, hash, created_at) VALUES (?1, ?1, 'old', '[]', ?1, 0)",
      ).bind(account.user.id),
      env.CONTROL.prepare(
        `INSERT INTO invitations (id, organization_id, email, role, hash, invited_by, created_at, expires_at)
         VALUES (?1, 'o' || ?1, 'x@example.com', 'admin', ?1, ?1, 0, ?2)`,
      ).bind(account.user.id, Date.now() + 60_000),
    ]);
    const body = { token: tokenIn(await sentTo(sent, /confirm/i)) };
    const confirm = () => account.call("POST", `${AUTH}/verify-email`, { token: account.token, body });
    expect((await confirm()).status).toBe(204);
    expect([await status(account.token), await status(other)]).toEqual([200, 401]);
    for (const table of ["api_tokens WHERE user_id", "invitations WHERE invited_by"]) {
      const row = await env.CONTROL.prepare(`SELECT count(*) n FROM ${table} = ?1`)
        .bind(account.user.id)
        .first();
      expect(row?.n, table).toBe(0);
    }
    expect((await confirm()).status).toBe(204);
    expect((await newToken(account)).status).toBe(201);
  });

  test("that accepts the invitation which brought it there is confirmed by the e-mail with the invitation", async () => {
    const owner = await makeAccount();
    const email = `${crypto.randomUUID()}@example.com`;
    const path = `/api/v1/organizations/o${owner.user.id}/invitations`;
    await owner.call("POST", path, { token: owner.token, body: { email, role: "viewer" }, bindings });
    const invitation = /\/invitations\/([\w-]+)/.exec((await sentTo(sent, /invites you/)).text)?.[1];
    const call = makeClient();
    const wrong = { email: `${crypto.randomUUID()}@example.com`, password: PASSWORD, invitation };
    expect((await call("POST", `${AUTH}/register`, { body: wrong })).data.user.email_verified).toBe(false);
    const { data } = await call("POST", `${AUTH}/register`, {
      body: { email, password: PASSWORD, invitation },
    });
    expect(data.user.email_verified).toBe(true);
    const token = data.access_token;
    expect((await call("POST", `/api/v1/invitations/${invitation}/accept`, { token })).status).toBe(200);
  });

  test("is not confirmed by a link that was given to the inviter", async () => {
    const owner = await makeAccount();
    const email = `${crypto.randomUUID()}@example.com`;
    const EMAIL: SendEmail = { send: () => Promise.reject(new Error("not onboarded")) };
    const { data: made } = await owner.call("POST", `/api/v1/organizations/o${owner.user.id}/invitations`, {
      ...{ token: owner.token, body: { email, role: "viewer" }, bindings: { ...env, EMAIL } },
    });
    const invitation = made.link.split("/").at(-1);
    const body = { email, password: PASSWORD, invitation };
    const { data } = await makeClient()("POST", `${AUTH}/register`, { body });
    expect(data.user.email_verified).toBe(false);
  });
});

describe("changed credentials", () => {
  test("a reset ends sessions, tokens, sockets and every other reset link", async () => {
    const account = await makeAccount();
    const { data: project } = await account.call("POST", "/api/v1/projects", {
      token: account.token,
      body: { name: "Shop" },
    });
    const { data: made } = await newToken(account);
    const sockets = [await watchWith(project.id, account.token), await watchWith(project.id, made.token)];
    const [first, second] = [await resetLink(account.email), await resetLink(account.email, 2)];
    expect((await reset(second)).status).toBe(204);
    expect([await status(account.token), await status(made.token)]).toEqual([401, 401]);
    for (const socket of sockets) await expelled(socket);
    expect((await reset(first)).status).toBe(400);
  });

  test("a new password while signed in ends the other sessions and reset links; tokens stay, as on GitHub", async () => {
    const account = await makeAccount();
    const { data: project } = await account.call("POST", "/api/v1/projects", {
      token: account.token,
      body: { name: "Shop" },
    });
    const { data: made } = await newToken(account);
    const other = await signedIn(account.email, PASSWORD);
    const link = await resetLink(account.email);
    const kept = [await watchWith(project.id, account.token), await watchWith(project.id, made.token)];
    const socket = await watchWith(project.id, other);
    const change = (current_password: string) =>
      account.call("POST", `${AUTH}/change-password`, {
        token: account.token,
        body: { current_password, password: NEW_PASSWORD },
      });
    const wrong = await change("not the password");
    expect([wrong.status, wrong.data.code]).toEqual([401, "invalid_credentials"]);
    expect(await status(other)).toBe(200);
    expect((await change(PASSWORD)).status).toBe(204);
    expect([await status(account.token), await status(other), await status(made.token)]).toEqual([
      200, 401, 200,
    ]);
    await expelled(socket);
    expect(kept.map(({ closed }) => closed)).toEqual([[], []]);
    expect((await reset(link)).status).toBe(400);
    expect(await signedIn(account.email, PASSWORD)).toBeUndefined();
    expect(await signedIn(account.email, NEW_PASSWORD)).toBeDefined();
    for (const { close } of kept) close();
  });

  test("signing out everywhere ends every session with its sockets", async () => {
    const account = await makeAccount();
    const { data: project } = await account.call("POST", "/api/v1/projects", {
      token: account.token,
      body: { name: "Shop" },
    });
    const other = await signedIn(account.email, PASSWORD);
    const socket = await watchWith(project.id, other);
    const link = await resetLink(account.email);
    const answer = await account.call("DELETE", `${AUTH}/sessions`, { token: account.token });
    expect(answer.status).toBe(204);
    expect([await status(account.token), await status(other)]).toEqual([401, 401]);
    await expelled(socket);
    expect((await reset(link)).status).toBe(400);
  });

  test("a socket that is opened while its token is revoked closes", async () => {
    const account = await makeAccount();
    const { data: project } = await account.call("POST", "/api/v1/projects", {
      token: account.token,
      body: { name: "Shop" },
    });
    for (let round = 0; round < 8; round++) {
      const { data: made } = await newToken(account);
      const [socket] = await Promise.all([
        openSocket(project.id, { authorization: `Bearer ${made.token}` }),
        account.call("DELETE", `/api/v1/tokens/${made.id}`, { token: account.token }),
      ]);
      await expelled(socket);
    }
  });

  test.each(["logout", "session", "token"])(
    "ending one credential closes its sockets alone: %s",
    async (which) => {
      const account = await makeAccount();
      const { data: project } = await account.call("POST", "/api/v1/projects", {
        token: account.token,
        body: { name: "Shop" },
      });
      const other = await signedIn(account.email, PASSWORD);
      const { data: made } = await newToken(account);
      const ended = which === "token" ? made.token : other;
      const socket = await watchWith(project.id, ended);
      const kept = await watchWith(project.id, account.token);
      const { data: issued } = await makeClient()("POST", `/api/v1/projects/${project.id}/live-ticket`, {
        token: ended,
      });
      if (which === "logout") await makeClient()("POST", `${AUTH}/logout`, { token: other });
      else {
        const list = await account.call("GET", `${AUTH}/sessions`, { token: account.token });
        const session = list.data.data.find((one: { current: boolean }) => !one.current).id;
        const path = which === "token" ? `/api/v1/tokens/${made.id}` : `${AUTH}/sessions/${session}`;
        expect((await account.call("DELETE", path, { token: account.token })).status).toBe(204);
      }
      await expelled(socket);
      expect(kept.closed).toEqual([]);
      await expelled(await openSocket(project.id, {}, `?ticket=${issued.ticket}`));
      kept.close();
    },
  );
});
