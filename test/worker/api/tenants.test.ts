import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, test } from "vitest";
import { SCOPES } from "../../../schema/wire/project";
import { api } from "../../../worker/api/app";
import { isUnnamed, subjectOf } from "../../../worker/api/auth";
import { describe as describeApp } from "../../../worker/api/describe/document";
import { exampleOf } from "../../../worker/api/describe/example";
import { listRoutes, type RouteRule } from "../../../worker/api/route";
import { makeAccount, makeClient } from "../../support/client";

/**
 * Calls every route of the router, so that new routes are tested without further work.
 * `owner` has a project; `other` has an account and another project, and tries everything on the owner's.
 */
const ORIGIN = { origin: "http://localhost" };
const document = describeApp(api);
const routes = listRoutes(api);
const tenanted = (rule: RouteRule) => subjectOf(rule.access) !== null;
const guarded = routes.filter(({ access }) => !isUnnamed(access));

type Account = Awaited<ReturnType<typeof makeAccount>>;
let owner: Account;
let other: Account;
let otherToken: string;
let project: string;
let organization: string;

async function makeProject(account: Account): Promise<{ id: string; organization_id: string }> {
  const body = { name: "Mine", timezone: "Europe/Paris" };
  const { data } = await account.call("POST", "/api/v1/projects", { token: account.token, body });
  return data;
}

beforeAll(async () => {
  [owner, other] = [await makeAccount(), await makeAccount()];
  ({ id: project, organization_id: organization } = await makeProject(owner));
  await makeProject(other);
  const body = { name: "all", scopes: SCOPES };
  const { data } = await other.call("POST", "/api/v1/tokens", { token: other.token, body });
  otherToken = data.token;
});

/** The route's path on the owner's project and organization, with a body that its schema accepts. */
function attempt({ method, path }: RouteRule) {
  const names: Record<string, string> = { organization, project, id: project };
  const content = document.paths[path]?.[method]?.requestBody?.content;
  const schema = content && Object.values(content)[0]?.schema;
  return {
    method: method.toUpperCase(),
    url: `${path.replaceAll(/{(\w+)}/g, (_, name) => names[name] ?? "x")}?confirm=Mine`,
    body: schema && exampleOf(schema),
  };
}

async function everything() {
  const [projects, keys, people, invitations, state] = [
    await env.CONTROL.prepare("SELECT * FROM projects ORDER BY id").all(),
    await env.CONTROL.prepare("SELECT * FROM project_keys ORDER BY api_key").all(),
    await env.CONTROL.prepare(
      "SELECT g.id, g.name, m.user_id, m.role FROM organizations g JOIN members m ON m.organization_id = g.id ORDER BY m.id",
    ).all(),
    await env.CONTROL.prepare("SELECT * FROM invitations ORDER BY id").all(),
    await env.SHARD_0.prepare("SELECT * FROM fold_state ORDER BY project").all(),
  ];
  return JSON.stringify([projects.results, keys.results, people.results, invitations.results, state.results]);
}

test("only these routes need no account", () => {
  const open = routes.filter((rule) => !guarded.includes(rule)).map((rule) => `${rule.method} ${rule.path}`);
  expect(open.sort()).toEqual([
    "get /api/docs",
    "get /api/v1/auth/sign-up",
    "get /api/v1/content-schema",
    "get /api/v1/health",
    "get /api/v1/invitations/{token}",
    "get /api/v1/openapi.json",
    "get /api/v1/public/{token}",
    "get /api/v1/shards",
    "get /api/v1/ws/events/{project}",
    "options /api/v1/events/ingest",
    "post /api/v1/auth/forgot-password",
    "post /api/v1/auth/login",
    "post /api/v1/auth/logout",
    "post /api/v1/auth/register",
    "post /api/v1/auth/resend-verification",
    "post /api/v1/auth/reset-password",
    "post /api/v1/auth/verify-email",
    "post /api/v1/events/ingest",
    "post /api/v1/public/{token}/unlock",
    "post /api/v1/webhooks/{source}",
    "put /api/v1/rates",
  ]);
});

describe("the socket checks access itself", () => {
  const sockets = routes
    .filter((rule) => rule.path.includes("/ws/"))
    .map((rule) => [rule.path, rule] as const);
  test.each(sockets)("%s closes with 1008 without credentials and for other tenants", async (_, rule) => {
    const proofs: Record<string, string>[] = [
      {},
      { authorization: `Bearer ${other.token}` },
      { authorization: `Bearer ${otherToken}` },
      { cookie: other.cookie, ...ORIGIN },
      { cookie: owner.cookie, origin: "https://evil.example" },
    ];
    for (const proof of proofs) {
      const headers = { upgrade: "websocket", ...proof };
      const { webSocket } = await api.request(attempt(rule).url, { headers }, env);
      const closed = new Promise<CloseEvent>((resolve) => webSocket?.addEventListener("close", resolve));
      webSocket?.accept();
      expect((await closed).code).toBe(1008);
    }
  });
});

test("there are routes to test", () => {
  expect(guarded.filter(tenanted).length).toBeGreaterThan(4);
});

describe("nobody", () => {
  test.each(guarded.map((rule) => [`${rule.method} ${rule.path}`, rule] as const))("%s", async (_, rule) => {
    const { method, url, body } = attempt(rule);
    const call = makeClient();
    for (const proof of [
      {},
      { token: "sel_unknown" },
      { token: "a.b.c" },
      { cookie: "selvedge_session=x.y" },
    ]) {
      const { status, data } = await call(method, url, { body, ...proof });
      expect([status, data.code]).toEqual([401, "unauthenticated"]);
    }
  });
});

describe("another tenant", () => {
  test.each(guarded.filter(tenanted).map((rule) => [`${rule.method} ${rule.path}`, rule] as const))(
    "%s",
    async (_, rule) => {
      const before = await everything();
      const { method, url, body } = attempt(rule);
      for (const proof of [{ token: other.token }, { cookie: other.cookie, headers: ORIGIN }]) {
        const { status, data } = await other.call(method, url, { body, ...proof });
        expect([status, data.code]).toEqual([404, "not_found"]);
      }
      const { data } = await other.call(method, url, { body, token: otherToken });
      const isSession = typeof rule.access === "object" && rule.access.scope === "session";
      expect(data.code).toBe(isSession ? "sign_in_required" : "not_found");
      expect(await everything()).toBe(before);
    },
  );

  test("sees only its own objects in lists", async () => {
    const { data } = await other.call("GET", "/api/v1/projects", { token: otherToken });
    expect(data.data).toHaveLength(1);
    expect(data.data[0].id).not.toBe(project);
  });
});

describe("a token without the scope", () => {
  const scoped = routes.filter(({ access }) => typeof access === "object" && access.scope !== "session");
  test.each(scoped.map((rule) => [`${rule.method} ${rule.path}`, rule] as const))("%s", async (_, rule) => {
    const { access } = rule;
    const scopes = SCOPES.filter((scope) => typeof access === "object" && scope !== access.scope);
    const made = await owner.call("POST", "/api/v1/tokens", {
      token: owner.token,
      body: { name: "less", scopes },
    });
    const { method, url, body } = attempt(rule);
    const { status, data } = await owner.call(method, url, { body, token: made.data.token });
    expect([status, data.code]).toEqual([403, "insufficient_scope"]);
    await owner.call("DELETE", `/api/v1/tokens/${made.data.id}`, { token: owner.token });
  });
});

describe("a personal token on an account's own routes", () => {
  const personal = routes.filter(
    ({ access }) => access === "account" || (typeof access === "object" && access.scope === "session"),
  );
  test.each(personal.map((rule) => [`${rule.method} ${rule.path}`, rule] as const))("%s", async (_, rule) => {
    const { method, url, body } = attempt(rule);
    const { status, data } = await other.call(method, url, { body, token: otherToken });
    expect([status, data.code]).toEqual([403, "sign_in_required"]);
  });
});
