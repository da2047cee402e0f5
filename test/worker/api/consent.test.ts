import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, test } from "vitest";
import { CLIENT } from "../../../demo/vendors/server/oauth";
import type { Source } from "../../../schema/wire/source";
import { findSource, vendorClientOf } from "../../../worker/sources/connections";
import { ringOf } from "../../../worker/sources/connections/bindings";
import { makeAccount } from "../../support/client";
import { type RemoteVendor, startVendor } from "../../support/vendors/client";

const DAY_MS = 86_400_000;
const started: string[] = [];
const SYNC = {
  create: async ({ id }: { id: string }) => void started.push(id),
  get: async () => ({ terminate: async () => {} }),
};

type Account = Awaited<ReturnType<typeof makeAccount>>;
let owner: Account;
let project: string;
let hubspot: RemoteVendor;
let meta: RemoteVendor;
let bindings: Env;

beforeAll(async () => {
  owner = await makeAccount();
  const now = Date.now();
  hubspot = await startVendor({ vendor: "hubspot", now, account: { signups: 1 }, limits: false });
  meta = await startVendor({ vendor: "meta_ads", now, account: { campaigns: 2 }, limits: false });
  const client_id = CLIENT.client_id;
  bindings = Object.assign({}, env, {
    SYNC,
    SOURCES: JSON.stringify({
      hubspot: { base_url: hubspot.url, client_id },
      meta_ads: { base_url: meta.url, client_id },
      stripe: { client_id },
    }),
    SOURCE_CLIENTS: JSON.stringify({ hubspot: CLIENT.client_secret, meta_ads: CLIENT.client_secret }),
  });
  const body = { name: "Shop", timezone: "UTC" };
  project = (await owner.call("POST", "/api/v1/projects", { token: owner.token, body })).data.id;
});

const as = (who: Account) => (method: string, path: string, body?: unknown) =>
  who.call(method, path, { token: who.token, bindings, body });
const at = (rest = "") => `/api/v1/projects/${project}/sources${rest}`;
const makeSource = async (driver: string): Promise<Source> =>
  (await as(owner)("POST", at(), { driver })).data;
const consentOf = async (id: string): Promise<URL> =>
  new URL((await as(owner)("POST", at(`/${id}/connect`))).data.url);

/** Opens the consent page, follows one of its links and returns with the vendor's parameters. */
async function decide(consent: URL, decision: "allow" | "deny"): Promise<string> {
  const page = await (await fetch(consent)).text();
  const link = [...page.matchAll(/href="([^"]+)"/g)]
    .map(([, href]) => (href ?? "").replaceAll("&#38;", "&"))
    .find((href) => href.includes(`decision=${decision}`));
  const answer = await fetch(new URL(link ?? "", consent), { redirect: "manual" });
  const back = new URL(answer.headers.get("location") ?? "");
  return back.pathname + back.search;
}

/** Returns like a browser: with the cookie. */
const comeBack = (who: Account, path: string) => who.call("GET", path, { cookie: who.cookie, bindings });

async function secretsOf(id: string): Promise<Record<string, string>> {
  const source = await findSource(env.CONTROL, id);
  if (!source?.sealed) throw new Error("not connected");
  return JSON.parse(await ringOf(bindings).open(source.sealed, id));
}

describe("a consent page", () => {
  test("is requested with state and PKCE, and connects the allowed accounts", async () => {
    const source = await makeSource("hubspot");
    expect(source).toMatchObject({ status: "connecting", accounts: [], running: null });
    const consent = await consentOf(source.id);
    const asked = Object.fromEntries(consent.searchParams);
    expect(asked).toMatchObject({
      response_type: "code",
      client_id: CLIENT.client_id,
      code_challenge_method: "S256",
      redirect_uri: "http://localhost/api/v1/sources/callback",
    });
    expect(asked.state).toMatch(/^[\w-]{43}$/);
    expect(asked.code_challenge).toMatch(/^[\w-]{43}$/);

    const back = await decide(consent, "allow");
    const answer = await comeBack(owner, back);
    expect(answer.status).toBe(303);
    expect(answer.headers.get("location")).toBe(
      `/projects/${project}/sources/${source.id}?connect=connected`,
    );
    const { data } = await as(owner)("GET", at(`/${source.id}`));
    expect(data).toMatchObject({ status: "active", access_expires_at: null });
    expect(data.accounts).toHaveLength(1);
    expect(data.running).toBe(started.at(-1));

    // A state works once.
    expect((await comeBack(owner, back)).status).toBe(404);
  });

  test("renews the access of a paused source, which stays paused", async () => {
    const source = await makeSource("hubspot");
    await comeBack(owner, await decide(await consentOf(source.id), "allow"));
    await as(owner)("PATCH", at(`/${source.id}`), { paused: true });
    const count = started.length;
    const answer = await comeBack(owner, await decide(await consentOf(source.id), "allow"));
    expect(answer.headers.get("location")).toContain("connect=connected");
    expect((await as(owner)("GET", at(`/${source.id}`))).data).toMatchObject({
      status: "paused",
      running: null,
    });
    expect(started).toHaveLength(count);
  });

  test("that is declined does not change the source", async () => {
    const source = await makeSource("hubspot");
    const answer = await comeBack(owner, await decide(await consentOf(source.id), "deny"));
    expect(answer.headers.get("location")).toContain("connect=denied");
    expect((await as(owner)("GET", at(`/${source.id}`))).data.status).toBe("connecting");
  });

  test("of another person, or of one without the role any more, connects nothing", async () => {
    const source = await makeSource("hubspot");
    const other = await makeAccount();
    const taken = await decide(await consentOf(source.id), "allow");
    expect((await comeBack(other, taken)).status).toBe(404);
    expect((await comeBack(owner, taken)).status).toBe(404);

    const colleague = await makeAccount();
    const { organization_id } = (await as(owner)("GET", `/api/v1/projects/${project}`)).data;
    const join = (role: string) =>
      env.CONTROL.prepare(
        `INSERT INTO members (id, organization_id, user_id, role, created_at) VALUES (?1, ?2, ?3, ?4, 0)
         ON CONFLICT (user_id, organization_id) DO UPDATE SET role = excluded.role`,
      )
        .bind(`m-${colleague.user.id}`, organization_id, colleague.user.id, role)
        .run();
    await join("admin");
    const url = new URL((await as(colleague)("POST", at(`/${source.id}/connect`))).data.url);
    const back = await decide(url, "allow");
    await join("editor");
    expect((await comeBack(colleague, back)).status).toBe(404);
    await join("admin");
    const mine = await decide(await consentOf(source.id), "allow");
    expect((await comeBack(colleague, mine)).headers.get("location")).toContain("connect=other_user");
    expect((await as(owner)("GET", at(`/${source.id}`))).data.status).toBe("connecting");
  });

  test("expires", async () => {
    const source = await makeSource("hubspot");
    const back = await decide(await consentOf(source.id), "allow");
    await env.CONTROL.prepare("UPDATE connects SET expires_at = ?2 WHERE source_id = ?1")
      .bind(source.id, Date.now() - 1)
      .run();
    expect((await comeBack(owner, back)).headers.get("location")).toContain("connect=expired");
  });

  test("with another session's code, or with a wrong verifier, fails", async () => {
    const source = await makeSource("hubspot");
    const back = await decide(await consentOf(source.id), "allow");
    const forged = back.replace(/code=[^&]+/, "code=made-up");
    expect((await comeBack(owner, forged)).headers.get("location")).toContain("connect=failed");
    // Another session's code with a valid state: PKCE binds the code to the session that requested it.
    const [one, two] = [await consentOf(source.id), await consentOf(source.id)];
    const [first, second] = [await decide(one, "allow"), await decide(two, "allow")];
    const code = /code=([^&]+)/.exec(first)?.[1];
    const mixed = second.replace(/code=[^&]+/, `code=${code}`);
    expect((await comeBack(owner, mixed)).headers.get("location")).toContain("connect=failed");
    expect((await as(owner)("GET", at(`/${source.id}`))).data.status).toBe("connecting");
  });

  test("requires a session, a driver with consent and an OAuth client", async () => {
    const back = await decide(await consentOf((await makeSource("hubspot")).id), "allow");
    expect((await owner.call("GET", back, { bindings })).status).toBe(401);
    const source = await makeSource("hubspot");
    const answer = await owner.call("POST", at(`/${source.id}/connect`), {
      token: owner.token,
      bindings: env,
    });
    expect([answer.status, answer.data.code]).toEqual([422, "oauth_client_missing"]);
  });
});

describe("access", () => {
  test("is renewed when it expires, and the new token is stored", async () => {
    const source = await makeSource("hubspot");
    await comeBack(owner, await decide(await consentOf(source.id), "allow"));
    const before = await secretsOf(source.id);
    await hubspot.misbehave({ kind: "expire_tokens" });
    expect((await as(owner)("POST", at(`/${source.id}/check`))).status).toBe(200);
    const after = await secretsOf(source.id);
    expect(after.access_token).not.toBe(before.access_token);
    expect(after.refresh_token).toBe(before.refresh_token);
  });

  test("that a user has renewed meanwhile is not overwritten", async () => {
    const source = await makeSource("hubspot");
    await comeBack(owner, await decide(await consentOf(source.id), "allow"));
    const stored = await findSource(env.CONTROL, source.id);
    const session = await vendorClientOf(bindings, stored!);
    await comeBack(owner, await decide(await consentOf(source.id), "allow"));
    const newest = await secretsOf(source.id);
    await hubspot.misbehave({ kind: "expire_tokens" });
    await session.driver.check(session.context);
    expect(await secretsOf(source.id)).toEqual(newest);
  });

  test("without refresh tokens is exchanged for a long-lived token, whose expiry is shown", async () => {
    const source = await makeSource("meta_ads");
    const consent = await consentOf(source.id);
    expect(consent.pathname).toMatch(/^\/v\d+\.0\/dialog\/oauth$/);
    const answer = await comeBack(owner, await decide(consent, "allow"));
    expect(answer.headers.get("location")).toContain("connect=connected");
    const { data } = await as(owner)("GET", at(`/${source.id}`));
    expect(Math.round((data.access_expires_at - Date.now()) / DAY_MS)).toBe(60);
    expect(await secretsOf(source.id)).not.toHaveProperty("refresh_token");
  });
});

test("drivers report whether this deployment has a client", async () => {
  const { data } = await as(owner)("GET", at("/drivers"));
  const configured = data.data.flatMap(({ name, auth }: { name: string; auth: { configured?: boolean } }) =>
    auth.configured === undefined ? [] : [[name, auth.configured]],
  );
  expect(Object.fromEntries(configured)).toMatchObject({ hubspot: true, meta_ads: true });
  expect(JSON.stringify(data)).not.toContain(CLIENT.client_secret);
});
