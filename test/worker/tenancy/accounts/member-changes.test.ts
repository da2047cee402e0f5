import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, test } from "vitest";
import type { Role } from "../../../../schema/wire/organization";
import { makeAccount, makeClient, PASSWORD } from "../../../support/client";
import { makeMailbox, sentTo } from "../../../support/mailbox";
import { expelled, openSocket, watchWith } from "../../../support/socket";
import { makeColleague, makeOwner, type Owner } from "../../workspace/dashboards/make-content";

const { sent, bindings } = makeMailbox();
let owner: Owner;
beforeEach(async () => {
  sent.length = 0;
  owner = await makeOwner();
});

const member = ({ account }: Owner) => `/organizations/${owner.organization}/members/${account.user.id}`;
const remove = async (colleague: Owner) =>
  expect((await owner.api("DELETE", member(colleague))).status).toBe(204);
const give = async (colleague: Owner, role: Role) =>
  expect((await owner.api("PATCH", member(colleague), { role })).status).toBe(204);

/** A public link to a new dashboard of the person. */
async function makeLink({ dashboards }: Owner, sharing = "organization") {
  const { data: dashboard } = await dashboards("POST", "", { name: "Shown", sharing, widgets: [] });
  const { data: link } = await dashboards("POST", `/${dashboard.id}/links`, {});
  return { ...link, dashboard };
}

const open = async ({ token }: { token: string }) =>
  (await makeClient()("GET", `/api/v1/public/${token}`)).status;

async function makeToken({ account: { call, token } }: Owner) {
  const scopes = ["projects:read", "projects:write", "analytics:read", "content:write"];
  return (await call("POST", "/api/v1/tokens", { token, body: { name: "CI", scopes } })).data;
}

describe("a public link", () => {
  test("works only while its maker may make it", async () => {
    const editor = await makeColleague(owner, "editor");
    const link = await makeLink(editor);
    expect(await open(link)).toBe(200);
    await give(editor, "viewer");
    expect(await open(link)).toBe(404);
    await give(editor, "admin");
    expect(await open(link)).toBe(200);
    await remove(editor);
    expect(await open(link)).toBe(404);
  });

  test("is over when its dashboard becomes another's private one", async () => {
    const editor = await makeColleague(owner, "editor");
    const { data: dashboard } = await owner.dashboards("POST", "", {
      ...{ name: "Shared", sharing: "organization", widgets: [] },
    });
    const { data: link } = await editor.dashboards("POST", `/${dashboard.id}/links`, {});
    expect(await open(link)).toBe(200);
    const change = { version: dashboard.version, sharing: "private" };
    expect((await owner.dashboards("PATCH", `/${dashboard.id}`, change)).status).toBe(200);
    expect(await open(link)).toBe(404);
  });
});

describe("an invitation", () => {
  test("of a demoted admin makes nobody an admin and confirms no address", async () => {
    const admin = await makeColleague(owner, "admin");
    const guest = await makeAccount();
    const path = `/api/v1/organizations/${owner.organization}/invitations`;
    const invite = async (email: string, count: number) => {
      await admin.account.call("POST", path, {
        ...{ token: admin.account.token, body: { email, role: "admin" }, bindings },
      });
      const { text } = await sentTo(sent, /invites you/, count);
      return /\/invitations\/([\w-]+)/.exec(text)?.[1] ?? "";
    };
    const email = `${crypto.randomUUID()}@example.com`;
    const [first, second] = [await invite(guest.email, 1), await invite(email, 2)];
    await give(admin, "editor");
    const accept = `/api/v1/invitations/${first}/accept`;
    expect((await guest.call("POST", accept, { token: guest.token })).status).toBe(404);
    expect((await makeClient()("GET", `/api/v1/invitations/${first}`)).status).toBe(404);
    const body = { email, password: PASSWORD, invitation: second };
    const { data } = await makeClient()("POST", "/api/v1/auth/register", { body });
    expect(data.user.email_verified).toBe(false);
  });
});

describe("tokens and sockets", () => {
  test("a token has the role that its owner has now", async () => {
    const colleague = await makeColleague(owner, "admin");
    const { token } = await makeToken(colleague);
    const rename = () =>
      makeClient()("PATCH", `/api/v1/projects/${owner.project}`, { token, body: { name: "Renamed" } });
    expect((await rename()).status).toBe(200);
    await give(colleague, "viewer");
    expect((await rename()).data.code).toBe("insufficient_role");
    await remove(colleague);
    expect((await rename()).data.code).toBe("not_found");
  });

  test("a removed member's sockets close, those opened with a token too, and their ticket is over", async () => {
    const colleague = await makeColleague(owner, "viewer");
    const { token } = await makeToken(colleague);
    const { data: issued } = await colleague.inProject("POST", "/live-ticket");
    const sockets = [
      await watchWith(owner.project, colleague.account.token),
      await watchWith(owner.project, token),
    ];
    const kept = await watchWith(owner.project, owner.account.token);
    await remove(colleague);
    for (const socket of sockets) await expelled(socket);
    await expelled(await openSocket(owner.project, {}, `?ticket=${issued.ticket}`));
    expect(kept.closed).toEqual([]);
    kept.close();
  });

  test("all sockets of a deleted project close", async () => {
    const colleague = await makeColleague(owner, "viewer");
    const sockets = [
      await watchWith(owner.project, colleague.account.token),
      await watchWith(owner.project, owner.account.token),
    ];
    expect((await owner.inProject("DELETE", "?confirm=Shop")).status).toBe(204);
    for (const socket of sockets) await expelled(socket);
  });
});

describe("an owner", () => {
  const access = () => owner.api("GET", `/organizations/${owner.organization}/access`);
  const revoke = (what: string) => owner.api("DELETE", `/organizations/${owner.organization}/access/${what}`);

  test("sees every link, token, invitation and source, and when members last used a session", async () => {
    const editor = await makeColleague(owner, "editor");
    const [link, former] = [await makeLink(editor, "private"), await makeLink(editor)];
    const { id, token } = await makeToken(editor);
    const email = `${crypto.randomUUID()}@example.com`;
    await owner.api("POST", `/organizations/${owner.organization}/invitations`, { email, role: "viewer" });
    await env.CONTROL.prepare(
      `INSERT INTO sources (id, project_id, driver, name, settings, status, interval_ms, created_by, created_at, updated_at)
       VALUES (?1, ?2, 'stripe', 'Billing', '{}', 'active', 1, ?3, 0, 0)`,
    )
      .bind(`s${editor.account.user.id}`, owner.project, editor.account.user.id)
      .run();
    const outsider = await makeOwner();
    await makeLink(outsider);
    await makeToken(outsider);
    await makeClient()("GET", "/api/v1/projects", { token });
    const { status, data } = await access();
    expect(status).toBe(200);
    const maker = { user_id: editor.account.user.id, name: editor.account.user.name };
    expect(data.links).toMatchObject([
      { id: former.id, dashboard: { sharing: "organization" }, made_by: maker, works: true },
      {
        ...{ id: link.id, project_id: owner.project, made_by: maker, works: true },
        dashboard: { id: link.dashboard.id, name: "Shown", sharing: "private" },
      },
    ]);
    expect(data.tokens).toMatchObject([{ id, name: "CI", made_by: maker, scopes: { length: 4 } }]);
    expect(data.invitations).toMatchObject([{ email, works: true }]);
    expect(data.sources).toMatchObject([{ name: "Billing", driver: "stripe", made_by: maker }]);
    expect(data.members).toHaveLength(2);
    expect(data.members[1]).toMatchObject({ ...maker, role: "editor", sessions: 1 });
    expect(data.members[1].last_used_at).toBeGreaterThan(Date.now() - 60_000);
    expect(JSON.stringify(data)).not.toContain(link.token);
    await give(editor, "viewer");
    expect((await access()).data.links.map((one: { works: boolean }) => one.works)).toEqual([false, false]);
    await remove(editor);
    const after = (await access()).data;
    expect([after.tokens, after.members.length, after.sources.length]).toEqual([[], 1, 1]);
  });

  test("revokes a link to a colleague's private dashboard, and none of another organization", async () => {
    const editor = await makeColleague(owner, "editor");
    const link = await makeLink(editor, "private");
    const foreign = await makeLink(await makeOwner());
    expect((await revoke(`links/${foreign.id}`)).status).toBe(404);
    expect(await open(foreign)).toBe(200);
    expect((await revoke(`links/${link.id}`)).status).toBe(204);
    expect(await open(link)).toBe(404);
    expect((await revoke(`links/${link.id}`)).status).toBe(404);
    expect((await access()).data.links).toEqual([]);
  });

  test("takes the organization from a member's token, which goes on working elsewhere", async () => {
    const colleague = await makeColleague(owner, "admin");
    const { id, token } = await makeToken(colleague);
    const { data: own } = await colleague.api("POST", "/projects", {
      ...{ name: "Own", organization_id: `o${colleague.account.user.id}` },
    });
    const { data: issued } = await makeClient()("POST", `/api/v1/projects/${owner.project}/live-ticket`, {
      token,
    });
    const [here, elsewhere] = [await watchWith(owner.project, token), await watchWith(own.id, token)];
    const foreign = await makeToken(await makeOwner());
    expect((await revoke(`tokens/${foreign.id}`)).status).toBe(404);
    expect((await revoke(`tokens/${id}`)).status).toBe(204);
    expect((await revoke(`tokens/${id}`)).status).toBe(404);
    const read = async (project: string) =>
      (await makeClient()("GET", `/api/v1/projects/${project}`, { token })).status;
    expect([await read(owner.project), await read(own.id)]).toEqual([404, 200]);
    await expelled(here);
    await expelled(await openSocket(owner.project, {}, `?ticket=${issued.ticket}`));
    expect(elsewhere.closed).toEqual([]);
    expect((await access()).data.tokens).toEqual([]);
    expect((await colleague.inProject("GET", "")).status).toBe(200);
    elsewhere.close();
  });
});
