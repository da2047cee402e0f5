import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, test } from "vitest";
import { makeAccount, makeClient, PASSWORD } from "../../../support/client";

const AUTH = "/api/v1/auth";
const ORIGIN = { origin: "http://localhost" };
// The first account needs no confirmation.
beforeAll(makeAccount);

describe("registering", () => {
  test("returns an access token, the user, and a cookie that scripts cannot read", async () => {
    const call = makeClient();
    const body = { email: "Ada@Example.com", password: PASSWORD };
    const { status, data, headers } = await call("POST", `${AUTH}/register`, { body });
    expect(status).toBe(201);
    expect(data).toMatchObject({
      token_type: "Bearer",
      expires_in: 3600,
      user: { email: "ada@example.com", name: "ada", email_verified: false },
    });
    expect(data.access_token.split(".")).toHaveLength(3);
    const cookie = headers.get("set-cookie");
    expect(cookie).toMatch(/^selvedge_session=.*HttpOnly; SameSite=Lax$/);
    expect(cookie).not.toContain("Secure");
    expect(headers.get("cache-control")).toBe("no-store");
    expect(JSON.stringify(data)).not.toContain(PASSWORD);
  });

  test("over HTTPS the cookie is Secure and bound to the host", async () => {
    const body = { email: "https@example.com", password: PASSWORD };
    const { headers } = await makeClient()("POST", `https://stats.example.com${AUTH}/register`, { body });
    expect(headers.get("set-cookie")).toMatch(
      /^__Host-selvedge_session=.*Path=\/; HttpOnly; Secure; SameSite=Lax$/,
    );
  });

  test("refuses a taken address, a short password and a wrong address", async () => {
    const { call, email } = await makeAccount();
    const again = await call("POST", `${AUTH}/register`, {
      body: { email: email.toUpperCase(), password: PASSWORD },
    });
    expect(again.status).toBe(409);
    expect(again.data.code).toBe("email_taken");
    const bad = await call("POST", `${AUTH}/register`, { body: { email: "nobody", password: "short" } });
    expect(bad.status).toBe(400);
    expect(bad.data.errors.map((e: { path: string }) => e.path)).toEqual(["email", "password"]);
  });

  test("two registrations of one address at once make one account", async () => {
    const call = makeClient();
    const body = { email: "twice@example.com", password: PASSWORD };
    const answers = await Promise.all([1, 2].map(() => call("POST", `${AUTH}/register`, { body })));
    expect(answers.map((a) => a.status).sort()).toEqual([201, 409]);
  });

  test("stores neither the password nor the IP address", async () => {
    const { user } = await makeAccount();
    const row = await env.CONTROL.prepare("SELECT password FROM credentials WHERE user_id = ?1")
      .bind(user.id)
      .first();
    expect(row?.password).toMatch(/^scrypt\$16384\$8\$5\$/);
    const session = await env.CONTROL.prepare("SELECT ip_address FROM auth_sessions WHERE user_id = ?1")
      .bind(user.id)
      .first();
    expect(session?.ip_address ?? "").toBe("");
  });
});

describe("signing in", () => {
  test("with the password, whatever the case of the address", async () => {
    const { call, email, user } = await makeAccount();
    const body = { email: email.toUpperCase(), password: PASSWORD };
    const { status, data } = await call("POST", `${AUTH}/login`, { body });
    expect(status).toBe(200);
    expect(data.user).toEqual(user);
    const me = await call("GET", `${AUTH}/me`, { token: data.access_token });
    expect(me.data.user).toEqual(user);
    expect(me.headers.get("cache-control")).toBe("no-store");
    expect(me.data.organizations).toEqual([{ id: `o${user.id}`, name: user.name, role: "owner" }]);
  });

  test("refuses a wrong password and an unknown address alike", async () => {
    const { call, email } = await makeAccount();
    const wrong = await call("POST", `${AUTH}/login`, { body: { email, password: "not the password" } });
    const unknown = await call("POST", `${AUTH}/login`, {
      body: { email: "who@example.com", password: PASSWORD },
    });
    expect(wrong.status).toBe(401);
    expect(wrong.data).toEqual(unknown.data);
    expect(wrong.data.code).toBe("invalid_credentials");
  });

  test("creates an account's organization if registration failed before that", async () => {
    const { call, email, user } = await makeAccount();
    await env.CONTROL.prepare("DELETE FROM organizations WHERE slug = ?1").bind(user.id).run();
    const { data } = await call("POST", `${AUTH}/login`, { body: { email, password: PASSWORD } });
    expect((await call("GET", `${AUTH}/me`, { token: data.access_token })).data.organizations).toHaveLength(
      1,
    );
  });
});

describe("sessions", () => {
  test("cookie and access token are the same session", async () => {
    const { call, cookie, token } = await makeAccount();
    const byCookie = await call("GET", `${AUTH}/sessions`, { cookie });
    const byToken = await call("GET", `${AUTH}/sessions`, { token });
    expect(byCookie.data.data).toEqual(byToken.data.data);
    expect(byCookie.data.data).toMatchObject([{ current: true }]);
  });

  test("ending one invalidates its cookie and its access tokens at once, and no others", async () => {
    const first = await makeAccount();
    const body = { email: first.email, password: PASSWORD };
    const second = await first.call("POST", `${AUTH}/login`, { body, headers: { "user-agent": "Second/1" } });
    const list = await first.call("GET", `${AUTH}/sessions`, { token: first.token });
    const other = list.data.data.find((s: { current: boolean }) => !s.current);
    expect(other.user_agent).toBe("Second/1");
    expect((await first.call("DELETE", `${AUTH}/sessions/${other.id}`, { token: first.token })).status).toBe(
      204,
    );
    expect((await first.call("GET", `${AUTH}/me`, { token: second.data.access_token })).status).toBe(401);
    expect((await first.call("GET", `${AUTH}/me`, { token: first.token })).status).toBe(200);
    expect((await first.call("DELETE", `${AUTH}/sessions/${other.id}`, { token: first.token })).status).toBe(
      404,
    );
  });

  test("another account's session cannot be ended", async () => {
    const [a, b] = [await makeAccount(), await makeAccount()];
    const { data } = await b.call("GET", `${AUTH}/sessions`, { token: b.token });
    const answer = await a.call("DELETE", `${AUTH}/sessions/${data.data[0].id}`, { token: a.token });
    expect(answer.status).toBe(404);
    expect((await b.call("GET", `${AUTH}/me`, { token: b.token })).status).toBe(200);
  });

  test("logging out ends the session and deletes the cookie", async () => {
    const { call, cookie, token } = await makeAccount();
    const out = await call("POST", `${AUTH}/logout`, { cookie, headers: ORIGIN });
    expect(out.status).toBe(204);
    expect(out.headers.get("set-cookie")).toContain("Max-Age=0");
    expect((await call("GET", `${AUTH}/me`, { cookie })).status).toBe(401);
    expect((await call("GET", `${AUTH}/me`, { token })).status).toBe(401);
    expect((await call("POST", `${AUTH}/logout`)).status).toBe(204);
  });

  test("refreshing extends the session and returns a valid token", async () => {
    const { call, cookie, token, user } = await makeAccount();
    await env.CONTROL.prepare("UPDATE auth_sessions SET expires_at = ?2 WHERE user_id = ?1")
      .bind(user.id, Date.now() + 60_000)
      .run();
    for (const proof of [{ cookie, headers: ORIGIN }, { token }]) {
      const { status, data } = await call("POST", `${AUTH}/refresh`, proof);
      expect(status).toBe(200);
      expect((await call("GET", `${AUTH}/me`, { token: data.access_token })).status).toBe(200);
    }
    const { data } = await call("GET", `${AUTH}/sessions`, { token });
    expect(data.data[0].expires_at).toBeGreaterThan(Date.now() + 29 * 86_400_000);
    expect((await call("POST", `${AUTH}/refresh`)).status).toBe(401);
  });

  test("an expired session is refused by cookie and token", async () => {
    const { call, cookie, token, user } = await makeAccount();
    await env.CONTROL.prepare("UPDATE auth_sessions SET expires_at = ?2 WHERE user_id = ?1")
      .bind(user.id, Date.now() - 1)
      .run();
    expect((await call("GET", `${AUTH}/me`, { cookie })).status).toBe(401);
    expect((await call("GET", `${AUTH}/me`, { token })).status).toBe(401);
    expect((await call("POST", `${AUTH}/refresh`, { token })).status).toBe(401);
  });

  test("forged credentials and those of other deployments are refused", async () => {
    const { call, cookie, token } = await makeAccount();
    const [head, , signature] = token.split(".");
    const claims = btoa(JSON.stringify({ iss: "selvedge", sub: "x", sid: "x", exp: 9_999_999_999 })).replace(
      /=+$/,
      "",
    );
    for (const proof of [
      { token: `${head}.${claims}.${signature}` },
      { token: `${btoa('{"alg":"none","typ":"JWT"}').replace(/=+$/, "")}.${claims}.` },
      { token: "sel_unknown" },
      { cookie: cookie.replace(/=(.)/, (_, c) => `=${c === "a" ? "b" : "a"}`) },
      { headers: { authorization: "Basic YTpi" } },
    ]) {
      expect((await call("GET", `${AUTH}/me`, proof)).status).toBe(401);
    }
  });
});

describe("requests from other sites", () => {
  test("a cookie does not count for unsafe methods unless the product's own page sends it", async () => {
    const { call, cookie } = await makeAccount();
    const post = (headers: Record<string, string>) => call("POST", `${AUTH}/refresh`, { cookie, headers });
    for (const headers of [
      {},
      { origin: "https://evil.example" },
      { origin: "null" },
      { "sec-fetch-site": "cross-site" },
      { "sec-fetch-site": "same-site", origin: "http://localhost" },
    ]) {
      const { status, data } = await post(headers as Record<string, string>);
      expect([status, data.code]).toEqual([403, "cross_site_request"]);
    }
    expect((await post(ORIGIN)).status).toBe(200);
    expect((await post({ "sec-fetch-site": "same-origin" })).status).toBe(200);
  });

  test("another site cannot sign a user in", async () => {
    const { call, email } = await makeAccount();
    const body = { email, password: PASSWORD };
    const { status } = await call("POST", `${AUTH}/login`, {
      body,
      headers: { "sec-fetch-site": "cross-site" },
    });
    expect(status).toBe(403);
  });
});
