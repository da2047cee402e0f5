import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, test } from "vitest";
import { ROLES, type Role } from "../../../schema/wire/organization";
import { SCOPES } from "../../../schema/wire/project";
import { api } from "../../../worker/api/app";
import { describe as describeApp } from "../../../worker/api/describe/document";
import { exampleOf } from "../../../worker/api/describe/example";
import { admits, WHO } from "../../../worker/api/describe/roles";
import { listRoutes, type RouteRule } from "../../../worker/api/route";
import { makeAccount } from "../../support/client";

/**
 * Calls every route with every role. Each attempt starts from the same organization: what the previous attempt deleted
 * or left is restored, so that only the rule is tested.
 */
const document = describeApp(api);
const routes = listRoutes(api);
const about = routes.filter(({ access }) => typeof access === "object" && access.role !== undefined);

type Account = Awaited<ReturnType<typeof makeAccount>>;
const accounts = new Map<Role | "non_member", Account>();
let organization: string;
let project: string;

beforeAll(async () => {
  for (const who of ["non_member", ...ROLES] as const) accounts.set(who, await makeAccount());
  const { call, token } = accounts.get("owner")!;
  const made = await call("POST", "/api/v1/organizations", { token, body: { name: "Mill" } });
  organization = made.data.id;
  const body = { name: "Mine", timezone: "UTC", organization_id: organization };
  project = (await call("POST", "/api/v1/projects", { token, body })).data.id;
});

async function restore() {
  const members = ROLES.map((role) =>
    env.CONTROL.prepare(
      `INSERT INTO members (id, organization_id, user_id, role, created_at) VALUES (?1, ?2, ?3, ?4, 0)
       ON CONFLICT (user_id, organization_id) DO UPDATE SET role = excluded.role`,
    ).bind(`${organization} ${role}`, organization, accounts.get(role)!.user.id, role),
  );
  await env.CONTROL.batch([
    ...members,
    env.CONTROL.prepare("UPDATE organizations SET name = 'Mill' WHERE id = ?1").bind(organization),
    env.CONTROL.prepare("UPDATE projects SET deleted_at = NULL, name = 'Mine' WHERE id = ?1").bind(project),
  ]);
  await env.SHARD_0.prepare("INSERT OR IGNORE INTO fold_state (project) VALUES (?1)").bind(project).run();
}

/** The route on the one organization and project, with a body that its schema accepts. */
function attempt({ method, path, access }: RouteRule) {
  const names: Record<string, string> = { organization, project, id: project };
  const content = document.paths[path]?.[method]?.requestBody?.content;
  const schema = content && Object.values(content)[0]?.schema;
  const body = schema && Object(exampleOf(schema));
  const named = typeof access === "object" && access.over === "account";
  return {
    method: method.toUpperCase(),
    url: `${path.replaceAll(/{(\w+)}/g, (_, name) => names[name] ?? "x")}?confirm=Mine`,
    body: named && body ? { ...body, organization_id: organization } : body,
  };
}

function leastOf({ access }: RouteRule): Role | undefined {
  return typeof access === "object" ? access.role : undefined;
}

const rows = about.map((rule) => [`${rule.method} ${rule.path}`, rule] as const);

test("there are routes of every role", () => {
  const named = new Set(about.map(leastOf));
  expect([...named].sort()).toEqual([...ROLES].sort());
});

describe.each(ROLES)("%s", (role) => {
  test.each(rows)("%s", async (_, rule) => {
    await restore();
    const { call, token } = accounts.get(role)!;
    const { method, url, body } = attempt(rule);
    const { status, data } = await call(method, url, { token, body });
    if (admits(rule.access, role)) {
      // Refusals of made-up ids and bodies, also that a body requires a higher role, come from the handler.
      expect(["unauthenticated", "insufficient_scope"]).not.toContain(data.code);
      if (data.code === "insufficient_role")
        expect(data.detail).not.toContain(`takes the role ${leastOf(rule)};`);
      expect(status).toBeLessThan(500);
      const isWhole = [...rule.path.matchAll(/{(\w+)}/g)].every(([, name]) =>
        ["organization", "project", "id"].includes(name ?? ""),
      );
      if (isWhole && method === "GET") expect(status).not.toBe(404);
    } else {
      expect([status, data.code]).toEqual([403, "insufficient_role"]);
    }
  });
});

describe("a non-member", () => {
  test.each(rows)("%s", async (_, rule) => {
    await restore();
    const { call, token } = accounts.get("non_member")!;
    const { method, url, body } = attempt(rule);
    const { status, data } = await call(method, url, { token, body });
    expect([status, data.code]).toEqual([404, "not_found"]);
  });
});

describe("a personal token has the role of its owner", () => {
  const scoped = rows.filter(([, { access }]) => typeof access === "object" && access.scope !== "session");
  let token: string;
  beforeAll(async () => {
    const { call, token: signedIn } = accounts.get("viewer")!;
    const body = { name: "all", scopes: SCOPES };
    token = (await call("POST", "/api/v1/tokens", { token: signedIn, body })).data.token;
  });
  const beyond = scoped.filter(([, { access }]) => !admits(access, "viewer"));
  test.each(beyond)("%s", async (_, rule) => {
    await restore();
    const { method, url, body } = attempt(rule);
    const { status, data } = await accounts.get("viewer")!.call(method, url, { token, body });
    expect([status, data.code]).toEqual([403, "insufficient_role"]);
  });
});

test("the table is printed with every route, and each operation has its minimum role", async () => {
  const page = await (await api.request("/api/docs", {}, env)).text();
  const table = /<section id="roles">.*?<\/section>/s.exec(page)?.[0] ?? "";
  for (const { method, path, access } of routes.filter((rule) => rule.method !== "options")) {
    const name = `${method.toUpperCase()} ${path.replace("/api/v1", "")}`;
    const row = table.split("<tr>").find((text) => text.includes(`<code>${name}</code>`)) ?? "";
    const cells = [...row.matchAll(/<td>(.*?)<\/td>/gs)].slice(1).map(([, cell]) => cell === "yes");
    expect(cells, name).toEqual(WHO.map((who) => admits(access, who)));
    expect(document.paths[path]?.[method]?.["x-role"]).toBe(leastOf({ method, path, access }));
  }
});
