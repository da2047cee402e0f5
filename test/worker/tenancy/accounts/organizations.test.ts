import { env } from "cloudflare:workers";
import { describe, expect, test } from "vitest";
import { MAX_ORGANIZATIONS } from "../../../../schema/wire/organization";
import { login } from "../../../../worker/tenancy/accounts";
import { makeAccount, PASSWORD } from "../../../support/client";

const ORGANIZATIONS = "/api/v1/organizations";
type Account = Awaited<ReturnType<typeof makeAccount>>;

/** A request as the account. */
function as({ call, token }: Account) {
  return (method: string, path: string, body?: unknown) => call(method, path, { token, body });
}

async function addMember(organization: string, account: Account, role: string) {
  await env.CONTROL.prepare(
    "INSERT INTO members (id, organization_id, user_id, role, created_at) VALUES (?1, ?2, ?3, ?4, 0)",
  )
    .bind(crypto.randomUUID(), organization, account.user.id, role)
    .run();
}

/** An organization with a member of each role. */
async function makeOrganization() {
  const owner = await makeAccount();
  const { data } = await as(owner)("POST", ORGANIZATIONS, { name: "Mill" });
  const id: string = data.id;
  const [admin, viewer] = [await makeAccount(), await makeAccount()];
  await addMember(id, admin, "admin");
  await addMember(id, viewer, "viewer");
  const path = `${ORGANIZATIONS}/${id}`;
  const member = (account: Account) => `${path}/members/${account.user.id}`;
  return { id, path, member, owner, admin, viewer };
}

describe("an organization", () => {
  test("is created, listed, read and renamed", async () => {
    const owner = await makeAccount();
    const ask = as(owner);
    const made = await ask("POST", ORGANIZATIONS, { name: "  Mill " });
    expect(made.status).toBe(201);
    expect(made.data).toMatchObject({ name: "Mill", role: "owner", members: 1, projects: 0 });
    const path = `${ORGANIZATIONS}/${made.data.id}`;
    expect((await ask("GET", path)).data).toEqual(made.data);
    expect((await ask("PATCH", path, { name: "Loom" })).data.name).toBe("Loom");
    const names = (await ask("GET", ORGANIZATIONS)).data.data.map((one: { name: string }) => one.name);
    expect(names).toEqual([owner.user.name, "Loom"]);
    const me = await ask("GET", "/api/v1/auth/me");
    expect(me.data.organizations).toContainEqual({ id: made.data.id, name: "Loom", role: "owner" });
    for (const name of ["", "two\nlines"]) {
      expect((await ask("POST", ORGANIZATIONS, { name })).data.code).toBe("invalid_request");
    }
  });

  test("has projects, and can be deleted without any by typing its name", async () => {
    const { path, id, owner, viewer, admin } = await makeOrganization();
    const ask = as(owner);
    const wanted = { name: "Mine", timezone: "UTC", organization_id: id };
    const project = await ask("POST", "/api/v1/projects", wanted);
    expect(project.data.organization_id).toBe(id);
    expect((await as(viewer)("GET", `/api/v1/projects/${project.data.id}`)).status).toBe(200);
    expect((await as(viewer)("POST", "/api/v1/projects", wanted)).data.code).toBe("insufficient_role");
    expect((await as(await makeAccount())("POST", "/api/v1/projects", wanted)).data.code).toBe("not_found");

    expect((await ask("DELETE", `${path}?confirm=Mill`)).data.code).toBe("organization_not_empty");
    expect((await as(admin)("DELETE", `/api/v1/projects/${project.data.id}?confirm=Mine`)).status).toBe(403);
    await ask("DELETE", `/api/v1/projects/${project.data.id}?confirm=Mine`);
    expect((await ask("DELETE", `${path}?confirm=mill`)).data.code).toBe("invalid_request");
    expect((await ask("DELETE", `${path}?confirm=Mill`)).status).toBe(204);
    expect((await ask("GET", path)).status).toBe(404);
    expect((await ask("GET", ORGANIZATIONS)).data.data).toHaveLength(1);
    // The deleted project's data has not been collected yet.
    const left = await env.CONTROL.prepare("SELECT organization_id FROM projects WHERE id = ?1")
      .bind(project.data.id)
      .first("organization_id");
    expect(left).toBe(id);
  });

  test("without projects leaves nothing behind", async () => {
    const { path, id, owner } = await makeOrganization();
    expect((await as(owner)("DELETE", `${path}?confirm=Mill`)).status).toBe(204);
    expect(
      await env.CONTROL.prepare("SELECT 1 FROM organizations WHERE id = ?1").bind(id).first(),
    ).toBeNull();
  });

  test("an account can create a limited number", async () => {
    const owner = await makeAccount();
    const rows = Array.from({ length: MAX_ORGANIZATIONS - 1 }, (_, i) => `${owner.user.id}-${i}`);
    await env.CONTROL.batch([
      env.CONTROL.prepare(
        "INSERT INTO organizations (id, name, slug, created_at) SELECT value, 'x', value, 0 FROM json_each(?1)",
      ).bind(JSON.stringify(rows)),
      env.CONTROL.prepare(
        `INSERT INTO members (id, organization_id, user_id, role, created_at)
         SELECT value, value, ?2, 'owner', 0 FROM json_each(?1)`,
      ).bind(JSON.stringify(rows), owner.user.id),
    ]);
    expect((await as(owner)("POST", ORGANIZATIONS, { name: "More" })).data.code).toBe(
      "organization_limit_reached",
    );
  });

  test("a project without one is created in the caller's own, else in the only possible one", async () => {
    const { id, owner, viewer } = await makeOrganization();
    const wanted = { name: "Mine", timezone: "UTC" };
    const made = await as(viewer)("POST", "/api/v1/projects", wanted);
    expect(made.data.organization_id).toBe(`o${viewer.user.id}`);
    expect(
      (await as(owner)("DELETE", `${ORGANIZATIONS}/o${owner.user.id}?confirm=${owner.user.name}`)).status,
    ).toBe(204);
    expect((await as(owner)("POST", "/api/v1/projects", wanted)).data.organization_id).toBe(id);
    await as(owner)("POST", ORGANIZATIONS, { name: "Second" });
    const unsaid = await as(owner)("POST", "/api/v1/projects", wanted);
    expect(unsaid.data.errors).toMatchObject([{ path: "organization_id" }]);
  });
});

describe("members", () => {
  test("are listed with their roles, owners first", async () => {
    const { path, owner, admin, viewer } = await makeOrganization();
    const { data } = await as(viewer)("GET", `${path}/members`);
    const found = data.data.map((one: { email: string; role: string }) => [one.email, one.role]);
    expect(found).toEqual([
      [owner.email, "owner"],
      [admin.email, "admin"],
      [viewer.email, "viewer"],
    ]);
  });

  test("an admin manages everyone except owners", async () => {
    const { path, member, owner, admin, viewer } = await makeOrganization();
    const ask = as(admin);
    expect((await ask("PATCH", member(viewer), { role: "editor" })).status).toBe(204);
    expect((await ask("PATCH", member(viewer), { role: "owner" })).data.code).toBe("insufficient_role");
    expect((await ask("PATCH", member(owner), { role: "viewer" })).data.code).toBe("insufficient_role");
    expect((await ask("DELETE", member(owner))).data.code).toBe("insufficient_role");
    expect((await ask("DELETE", member(viewer))).status).toBe(204);
    expect((await ask("DELETE", member(viewer))).status).toBe(404);
    expect((await ask("PATCH", member(viewer), { role: "editor" })).status).toBe(404);
    expect((await as(viewer)("GET", path)).status).toBe(404);
  });

  test("owners make owners, and the last one neither leaves nor steps down", async () => {
    const { path, member, owner, admin } = await makeOrganization();
    const ask = as(owner);
    for (const attempt of [
      () => ask("POST", `${path}/leave`),
      () => ask("DELETE", member(owner)),
      () => ask("PATCH", member(owner), { role: "admin" }),
    ]) {
      expect((await attempt()).data.code).toBe("last_owner");
    }
    expect((await ask("PATCH", member(owner), { role: "owner" })).status).toBe(204);
    expect((await ask("PATCH", member(admin), { role: "owner" })).status).toBe(204);
    expect((await ask("POST", `${path}/leave`)).status).toBe(204);
    expect((await ask("GET", path)).status).toBe(404);
    expect((await as(admin)("POST", `${path}/leave`)).data.code).toBe("last_owner");
  });

  test("of two owners who leave at once one stays", async () => {
    const { path, owner, admin, viewer } = await makeOrganization();
    await as(owner)("PATCH", `${path}/members/${admin.user.id}`, { role: "owner" });
    const left = await Promise.all([as(owner)("POST", `${path}/leave`), as(admin)("POST", `${path}/leave`)]);
    expect(left.map(({ status }) => status).sort()).toEqual([204, 422]);
    const { data } = await as(viewer)("GET", `${path}/members`);
    expect(data.data.filter((one: { role: string }) => one.role === "owner")).toHaveLength(1);
  });

  test("a personal token reads members but changes nothing about them", async () => {
    const { path, member, owner, viewer } = await makeOrganization();
    const scopes = ["projects:read", "projects:write"];
    const { data } = await as(owner)("POST", "/api/v1/tokens", { name: "t", scopes });
    const { token } = data;
    expect((await owner.call("GET", `${path}/members`, { token })).status).toBe(200);
    expect((await owner.call("DELETE", member(viewer), { token })).data.code).toBe("sign_in_required");
  });

  test("a user who left their own organization is not added again by signing in", async () => {
    const [first, second] = [await makeAccount(), await makeAccount()];
    const id = `o${first.user.id}`;
    await addMember(id, second, "owner");
    expect((await as(first)("POST", `${ORGANIZATIONS}/${id}/leave`)).status).toBe(204);
    const deps = {
      control: env.CONTROL,
      secret: env.AUTH_SECRET,
      origin: "http://localhost",
      signUp: { mode: "open" as const, domains: [] },
      userAgent: null,
      send: async () => {},
      defer: () => {},
    };
    await login(deps, { email: first.email, password: PASSWORD });
    expect((await as(first)("GET", ORGANIZATIONS)).data.data).toEqual([]);
    expect((await as(first)("POST", "/api/v1/projects", { name: "x" })).data.code).toBe("invalid_request");
  });
});
