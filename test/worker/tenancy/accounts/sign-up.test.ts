import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, test } from "vitest";
import { makeAccount, makeClient, PASSWORD } from "../../../support/client";
import { makeMailbox, sentTo } from "../../../support/mailbox";

const AUTH = "/api/v1/auth";
const { sent, bindings } = makeMailbox();

/** The bindings of a deployment with this rule. */
const deployment = (SIGNUP: string, SIGNUP_DOMAINS = ""): Env =>
  Object.assign({}, bindings, { SIGNUP, SIGNUP_DOMAINS });

const anAddress = (domain = "example.com") => `${crypto.randomUUID()}@${domain}`;

async function register(of: Env, email = anAddress(), invitation?: string) {
  const body = { email, password: PASSWORD, invitation };
  const { status, data } = await makeClient()("POST", `${AUTH}/register`, { body, bindings: of });
  return { status, code: data.code, token: data.access_token, user: data.user };
}

const ruleOf = async (of: Env) => (await makeClient()("GET", `${AUTH}/sign-up`, { bindings: of })).data;

describe("before there is an account", () => {
  test.each(["closed", "invite", "domains"])("%s: the deployer registers, and is confirmed", async (mode) => {
    await env.CONTROL.prepare("DELETE FROM users").run();
    const of = deployment(mode, "corp.example");
    expect(await ruleOf(of)).toMatchObject({ mode, is_first: true });
    const made = await register(of);
    expect([made.status, made.user.email_verified]).toEqual([201, true]);
    expect(await ruleOf(of)).toMatchObject({ mode, is_first: false });
  });

  test("closed: of several at once one account is made, and nothing is left of the others", async () => {
    await env.CONTROL.batch(
      ["users", "organizations"].map((table) => env.CONTROL.prepare(`DELETE FROM ${table}`)),
    );
    const answers = await Promise.all([1, 2, 3].map(() => register(deployment("closed"))));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 403, 403]);
    for (const table of ["users", "organizations", "auth_sessions"]) {
      const row = await env.CONTROL.prepare(`SELECT count(*) n FROM ${table}`).first();
      expect(row?.n, table).toBe(1);
    }
  });
});

describe("afterwards", () => {
  let owner: Awaited<ReturnType<typeof makeAccount>>;
  beforeAll(async () => {
    owner = await makeAccount();
  });

  async function invite(email: string, of: Env = bindings) {
    const path = `/api/v1/organizations/o${owner.user.id}/invitations`;
    const body = { email, role: "viewer" };
    const { data } = await owner.call("POST", path, { token: owner.token, body, bindings: of });
    const text = data.link ?? (await sentTo(sent, /invites you/, ++invited)).text;
    return /\/invitations\/([\w-]+)/.exec(text)?.[1];
  }
  let invited = 0;

  test("closed: nobody, with an invitation neither, and no answer about the address", async () => {
    const of = deployment("closed");
    const email = anAddress();
    for (const answer of [
      await register(of),
      await register(of, owner.email),
      await register(of, email, await invite(email)),
    ]) {
      expect([answer.status, answer.code]).toEqual([403, "signup_closed"]);
    }
    expect((await register(deployment("unknown"))).code).toBe("signup_closed");
  });

  test("invite: the invited address by its link, and then it is confirmed, however the link came", async () => {
    const of = deployment("invite");
    const [email, other] = [anAddress(), anAddress()];
    const invitation = await invite(email);
    expect((await register(of, email)).code).toBe("signup_invitation_required");
    expect((await register(of, other, invitation)).code).toBe("signup_invitation_required");
    expect((await register(of, email, "nonsense")).code).toBe("signup_invitation_required");
    expect((await register(of, email, invitation)).user.email_verified).toBe(true);
    const EMAIL: SendEmail = { send: () => Promise.reject(new Error("no e-mail")) };
    const byHand = await invite(other, { ...env, EMAIL });
    expect((await register(of, other, byHand)).user.email_verified).toBe(true);
  });

  test("domains: addresses of these alone, which may do nothing before they are confirmed", async () => {
    const of = deployment("domains", "corp.example, Other.Example");
    expect(await ruleOf(of)).toEqual({
      ...{ mode: "domains", domains: ["corp.example", "other.example"], is_first: false },
    });
    for (const domain of ["evil.example", "sub.corp.example", "notcorp.example"]) {
      expect((await register(of, anAddress(domain))).code).toBe("signup_domain_refused");
    }
    const { status, token, user } = await register(of, anAddress("OTHER.example"));
    expect([status, user.email_verified]).toEqual([201, false]);
    for (const path of ["/projects", "/organizations"]) {
      const body = { name: "One" };
      const refused = await makeClient()("POST", `/api/v1${path}`, { token, body, bindings: of });
      expect(refused.data.code, path).toBe("email_unconfirmed");
    }
  });

  test("open: anybody", async () => {
    const of = deployment("open");
    expect(await ruleOf(of)).toEqual({ mode: "open", domains: [], is_first: false });
    expect((await register(of)).status).toBe(201);
  });
});
