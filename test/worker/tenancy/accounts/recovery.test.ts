import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, test } from "vitest";
import { makeAccount, makeClient, PASSWORD } from "../../../support/client";
import { makeMailbox, sentTo, tokenIn } from "../../../support/mailbox";

const AUTH = "/api/v1/auth";
// The first account needs no confirmation.
beforeAll(makeAccount);

async function registered() {
  const { sent, bindings } = makeMailbox();
  const call = makeClient();
  const email = `${crypto.randomUUID()}@example.com`;
  const { data } = await call("POST", `${AUTH}/register`, { body: { email, password: PASSWORD }, bindings });
  return { call, email, sent, bindings, token: data.access_token as string };
}

describe("confirming the address", () => {
  test("through the e-mail of the registration, from the deployment's sender to its page", async () => {
    const { call, email, sent, token } = await registered();
    const message = await sentTo(sent, /confirm/i);
    expect(message).toMatchObject({ to: email, from: { email: env.EMAIL_FROM } });
    expect(message.text).toContain("http://localhost/verify-email?token=");
    expect(message.html).toContain("http://localhost/verify-email?token=");
    const body = { token: tokenIn(message) };
    expect((await call("POST", `${AUTH}/verify-email`, { body, token })).status).toBe(204);
    expect((await call("GET", `${AUTH}/me`, { token })).data.user.email_verified).toBe(true);
    expect((await call("POST", `${AUTH}/verify-email`, { body })).status).toBe(204);
  });

  test("refuses a forged token and an access token", async () => {
    const { call, token } = await registered();
    for (const wrong of ["nonsense", token]) {
      const { status, data } = await call("POST", `${AUTH}/verify-email`, { body: { token: wrong } });
      expect([status, data.errors]).toMatchObject([400, [{ path: "token", code: "invalid_token" }]]);
    }
  });

  test("sends it again, but not to a confirmed or unknown address, with the same response", async () => {
    const { call, email, sent, bindings, token } = await registered();
    const first = await sentTo(sent, /confirm/i);
    const again = await call("POST", `${AUTH}/resend-verification`, { body: { email }, bindings });
    await sentTo(sent, /confirm/i, 2);
    await call("POST", `${AUTH}/verify-email`, { body: { token: tokenIn(first) }, token });
    const body = { email: "nobody@example.com" };
    const unknown = await call("POST", `${AUTH}/resend-verification`, { body, bindings });
    const confirmed = await call("POST", `${AUTH}/resend-verification`, { body: { email }, bindings });
    for (const answer of [again, unknown, confirmed]) expect([answer.status, answer.data]).toEqual([202, ""]);
    // A later e-mail of another kind shows that the earlier deferred work is complete.
    await call("POST", `${AUTH}/forgot-password`, { body: { email }, bindings });
    await sentTo(sent, /password/i);
    expect(sent.filter((m) => /confirm/i.test(m.subject))).toHaveLength(2);
  });
});

describe("choosing a new password", () => {
  test("through the e-mail, once, ending every session", async () => {
    const { call, email, sent, bindings, token } = await registered();
    const asked = await call("POST", `${AUTH}/forgot-password`, { body: { email }, bindings });
    expect([asked.status, asked.data]).toEqual([202, ""]);
    const message = await sentTo(sent, /password/i);
    expect(message.text).toContain("http://localhost/reset-password?token=");
    const secret = tokenIn(message);
    const stored = await env.CONTROL.prepare("SELECT * FROM verifications").all();
    expect(JSON.stringify(stored.results)).not.toContain(secret);

    const short = await call("POST", `${AUTH}/reset-password`, {
      body: { token: secret, password: "short" },
    });
    expect(short.data).toMatchObject({ code: "invalid_request", errors: [{ path: "password" }] });
    const body = { token: secret, password: "a new battery staple" };
    expect((await call("POST", `${AUTH}/reset-password`, { body })).status).toBe(204);
    expect((await call("GET", `${AUTH}/me`, { token })).status).toBe(401);
    expect((await call("POST", `${AUTH}/login`, { body: { email, password: PASSWORD } })).status).toBe(401);
    expect((await call("POST", `${AUTH}/login`, { body: { email, password: body.password } })).status).toBe(
      200,
    );

    const twice = await call("POST", `${AUTH}/reset-password`, { body });
    expect([twice.status, twice.data.errors[0].code]).toEqual([400, "invalid_token"]);
  });

  test("refuses a token that is too old", async () => {
    const { call, email, sent, bindings } = await registered();
    await call("POST", `${AUTH}/forgot-password`, { body: { email }, bindings });
    const token = tokenIn(await sentTo(sent, /password/i));
    await env.CONTROL.prepare("UPDATE verifications SET expires_at = ?1")
      .bind(Date.now() - 1)
      .run();
    const { status } = await call("POST", `${AUTH}/reset-password`, { body: { token, password: PASSWORD } });
    expect(status).toBe(400);
  });

  test("answers the same for an address that has no account", async () => {
    const { sent, bindings } = makeMailbox();
    const body = { email: "nobody@example.com" };
    const { status, data } = await makeClient()("POST", `${AUTH}/forgot-password`, { body, bindings });
    expect([status, data, sent.length]).toEqual([202, "", 0]);
  });
});

test("a failing sender does not affect the account", async () => {
  const { call } = await registered();
  const EMAIL: SendEmail = { send: () => Promise.reject(new Error("not verified")) };
  const body = { email: `${crypto.randomUUID()}@example.com`, password: PASSWORD };
  const { status } = await call("POST", `${AUTH}/register`, { body, bindings: { ...env, EMAIL } });
  expect(status).toBe(201);
});
