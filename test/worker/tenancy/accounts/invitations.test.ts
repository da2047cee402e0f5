import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { INVITATION_DAYS, MAX_INVITATIONS } from "../../../../schema/wire/organization";
import { makeAccount, makeClient, PASSWORD } from "../../../support/client";
import { makeMailbox } from "../../../support/mailbox";

type Account = Awaited<ReturnType<typeof makeAccount>>;

const { sent, bindings } = makeMailbox();
let owner: Account;
let organization: string;
let invitations: string;

beforeEach(async () => {
  sent.length = 0;
  owner = await makeAccount();
  const body = { name: "Mill & <Loom>" };
  const { data } = await owner.call("POST", "/api/v1/organizations", { token: owner.token, body });
  organization = data.id;
  invitations = `/api/v1/organizations/${organization}/invitations`;
});

/** Invites an address and returns the end of the e-mail's link. */
async function invited(email: string, role = "editor"): Promise<string> {
  const { status } = await owner.call("POST", invitations, {
    token: owner.token,
    body: { email, role },
    bindings,
  });
  expect(status).toBe(201);
  return /\/invitations\/([\w-]+)/.exec(sent.at(-1)?.text ?? "")?.[1] ?? "";
}

function accept(account: Account, token: string) {
  return account.call("POST", `/api/v1/invitations/${token}/accept`, { token: account.token });
}

async function rolesOf(account: Account) {
  const { data } = await account.call("GET", "/api/v1/auth/me", { token: account.token });
  return data.organizations.find((one: { id: string }) => one.id === organization)?.role;
}

async function deedsOf(account: Account) {
  const { results } = await env.CONTROL.prepare(
    "SELECT kind, subject FROM activity WHERE user_id = ?1 ORDER BY id",
  )
    .bind(account.user.id)
    .all<{ kind: string; subject: string }>();
  return results.map(({ kind, subject }) => `${kind} ${subject}`);
}

describe("an invitation", () => {
  test("is sent by e-mail, shows its organization and is accepted once", async () => {
    const guest = await makeAccount();
    const token = await invited(guest.email.toUpperCase());
    const mail = sent.at(-1)!;
    expect(mail.to).toBe(guest.email);
    expect(mail.subject).toContain("Mill & <Loom>");
    expect(mail.text).toContain(`http://localhost/invitations/${token}`);
    expect(mail.html).not.toContain("<Loom>");

    const view = await makeClient()("GET", `/api/v1/invitations/${token}`);
    expect(view.data).toMatchObject({
      organization: { id: organization, name: "Mill & <Loom>" },
      email: guest.email,
      role: "editor",
      invited_by: owner.user.name,
    });
    const accepted = await accept(guest, token);
    expect([accepted.status, accepted.data]).toEqual([200, { organization_id: organization }]);
    expect(await rolesOf(guest)).toBe("editor");
    await vi.waitFor(async () => expect(await deedsOf(guest)).toEqual(["member_joined Mill & <Loom>"]));
    const again = await accept(guest, token);
    expect([again.status, again.data.code]).toEqual([404, "not_found"]);
    expect((await makeClient()("GET", `/api/v1/invitations/${token}`)).status).toBe(404);
  });

  test("can be accepted after creating an account", async () => {
    const email = `${crypto.randomUUID()}@example.com`;
    const token = await invited(email, "viewer");
    const call = makeClient();
    const { data } = await call("POST", "/api/v1/auth/register", {
      body: { email, password: PASSWORD, invitation: token },
    });
    const accepted = await call("POST", `/api/v1/invitations/${token}/accept`, { token: data.access_token });
    expect(accepted.status).toBe(200);
    const members = await call("GET", `/api/v1/organizations/${organization}/members`, {
      token: data.access_token,
    });
    expect(members.data.data).toHaveLength(2);
  });

  test("is refused for another address", async () => {
    const token = await invited(`${crypto.randomUUID()}@example.com`);
    const other = await makeAccount();
    const { status, data } = await accept(other, token);
    expect([status, data.code]).toEqual([403, "invitation_for_other_address"]);
    expect(await rolesOf(other)).toBeUndefined();
    expect((await makeClient()("POST", `/api/v1/invitations/${token}/accept`)).status).toBe(401);
  });

  test("is refused once it is withdrawn, and cannot be withdrawn by another organization", async () => {
    const guest = await makeAccount();
    const token = await invited(guest.email);
    const { data } = await owner.call("GET", invitations, { token: owner.token });
    expect(JSON.stringify(data)).not.toContain(token);
    const [{ id, email, role }] = data.data;
    expect([email, role]).toEqual([guest.email, "editor"]);
    const own = `/api/v1/organizations/o${guest.user.id}/invitations/${id}`;
    expect((await guest.call("DELETE", own, { token: guest.token })).status).toBe(404);
    const path = `${invitations}/${id}`;
    expect((await owner.call("DELETE", path, { token: owner.token })).status).toBe(204);
    expect((await owner.call("DELETE", path, { token: owner.token })).status).toBe(404);
    expect((await accept(guest, token)).data.code).toBe("not_found");
    expect(await rolesOf(guest)).toBeUndefined();
  });

  test("sent again replaces the previous one", async () => {
    const guest = await makeAccount();
    const first = await invited(guest.email, "viewer");
    const second = await invited(guest.email, "admin");
    const { data } = await owner.call("GET", invitations, { token: owner.token });
    expect(data.data).toHaveLength(1);
    expect((await accept(guest, first)).status).toBe(404);
    expect((await accept(guest, second)).status).toBe(200);
    expect(await rolesOf(guest)).toBe("admin");
  });

  test(`expires after ${INVITATION_DAYS} days`, async () => {
    const guest = await makeAccount();
    const token = await invited(guest.email);
    await env.CONTROL.prepare("UPDATE invitations SET expires_at = ?1 WHERE organization_id = ?2")
      .bind(Date.now(), organization)
      .run();
    expect((await accept(guest, token)).status).toBe(404);
    expect((await makeClient()("GET", `/api/v1/invitations/${token}`)).status).toBe(404);
  });

  test("accepted twice at once makes one member", async () => {
    const guest = await makeAccount();
    const token = await invited(guest.email);
    const answers = await Promise.all([accept(guest, token), accept(guest, token)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 404]);
  });

  test("is stored as a fingerprint only", async () => {
    const token = await invited(`${crypto.randomUUID()}@example.com`);
    const { results } = await env.CONTROL.prepare("SELECT * FROM invitations").all();
    expect(JSON.stringify(results)).not.toContain(token);
  });
});

describe("inviting", () => {
  test("refuses members, the role owner, and more than the maximum of open ones", async () => {
    const ask = (body: unknown) => owner.call("POST", invitations, { token: owner.token, body, bindings });
    expect((await ask({ email: owner.email, role: "viewer" })).data.code).toBe("already_member");
    expect((await ask({ email: "ada@example.com", role: "owner" })).data.code).toBe("invalid_request");
    await env.CONTROL.prepare(
      `INSERT INTO invitations (id, organization_id, email, role, hash, invited_by, created_at, expires_at)
       SELECT ?1 || value, ?1, value || '@example.com', 'viewer', ?1 || value, ?2, 0, 1
       FROM json_each(?3)`,
    )
      .bind(organization, owner.user.id, JSON.stringify([...Array(MAX_INVITATIONS).keys()]))
      .run();
    expect((await ask({ email: "more@example.com", role: "viewer" })).data.code).toBe(
      "invitation_limit_reached",
    );
    expect((await ask({ email: "1@example.com", role: "viewer" })).status).toBe(201);
    expect(sent).toHaveLength(1);
  });

  test("returns the link when the e-mail cannot be sent", async () => {
    const guest = await makeAccount();
    const EMAIL: SendEmail = { send: () => Promise.reject(new Error("not onboarded")) };
    const body = { email: guest.email, role: "viewer" };
    const { status, data } = await owner.call("POST", invitations, {
      token: owner.token,
      body,
      bindings: { ...env, EMAIL },
    });
    expect(status).toBe(201);
    expect((await accept(guest, data.link.split("/").at(-1))).status).toBe(200);
  });

  test("is invalid if the member who sent it was removed", async () => {
    const [admin, guest] = [await makeAccount(), await makeAccount()];
    await accept(admin, await invited(admin.email, "admin"));
    await admin.call("POST", invitations, {
      token: admin.token,
      body: { email: guest.email, role: "admin" },
      bindings,
    });
    const token = /\/invitations\/([\w-]+)/.exec(sent.at(-1)?.text ?? "")?.[1] ?? "";
    const member = `/api/v1/organizations/${organization}/members/${admin.user.id}`;
    expect((await owner.call("DELETE", member, { token: owner.token })).status).toBe(204);
    expect((await accept(guest, token)).status).toBe(404);
    const left = ["member_joined Mill & <Loom>", "member_left Mill & <Loom>"];
    await vi.waitFor(async () => expect(await deedsOf(admin)).toEqual(left));
  });
});
