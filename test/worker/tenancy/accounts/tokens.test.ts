import { env } from "cloudflare:workers";
import { expect, test, vi } from "vitest";
import { MAX_TOKENS } from "../../../../schema/wire/account";
import { makeAccount } from "../../../support/client";

const TOKENS = "/api/v1/tokens";

test("a token is shown once, stored as a fingerprint, and works within its scopes", async () => {
  const { call, token, user } = await makeAccount();
  const scopes = ["projects:read", "projects:read", "analytics:read"];
  const made = await call("POST", TOKENS, { token, body: { name: "CI", scopes } });
  expect(made.status).toBe(201);
  expect(made.data.token).toMatch(/^sel_[\w-]{43}$/);
  const list = await call("GET", TOKENS, { token });
  expect(list.data.data).toMatchObject([
    { id: made.data.id, name: "CI", scopes: ["projects:read", "analytics:read"], last_used_at: null },
  ]);
  expect(JSON.stringify(list.data)).not.toContain(made.data.token);
  const rows = await env.CONTROL.prepare("SELECT * FROM api_tokens WHERE user_id = ?1").bind(user.id).all();
  expect(JSON.stringify(rows.results)).not.toContain(made.data.token.slice(4));

  expect((await call("GET", "/api/v1/projects", { token: made.data.token })).status).toBe(200);
  const refused = await call("POST", "/api/v1/projects", { token: made.data.token, body: { name: "x" } });
  expect(refused.data.code).toBe("insufficient_scope");
  await vi.waitFor(async () => {
    const used = await call("GET", TOKENS, { token });
    expect(used.data.data[0].last_used_at).toBeGreaterThan(0);
  });
});

test("a revoked token is invalid at once; another's cannot be revoked", async () => {
  const [a, b] = [await makeAccount(), await makeAccount()];
  const body = { name: "x", scopes: ["projects:read"] };
  const { data } = await a.call("POST", TOKENS, { token: a.token, body });
  expect((await b.call("DELETE", `${TOKENS}/${data.id}`, { token: b.token })).status).toBe(404);
  expect((await a.call("GET", "/api/v1/projects", { token: data.token })).status).toBe(200);
  expect((await a.call("DELETE", `${TOKENS}/${data.id}`, { token: a.token })).status).toBe(204);
  expect((await a.call("GET", "/api/v1/projects", { token: data.token })).status).toBe(401);
});

test("refuses unknown scopes, no scopes, and more tokens than an account may hold", async () => {
  const { call, token, user } = await makeAccount();
  for (const scopes of [[], ["everything"]]) {
    const { status, data } = await call("POST", TOKENS, { token, body: { name: "x", scopes } });
    expect([status, data.code, data.errors[0].path.split(".")[0]]).toEqual([
      400,
      "invalid_request",
      "scopes",
    ]);
  }
  const full = Array.from({ length: MAX_TOKENS }, (_, i) => `full-${i}`);
  await env.CONTROL.prepare(
    `INSERT INTO api_tokens (id, user_id, name, scopes, hash, created_at)
     SELECT value, ?1, 'n', '[]', value, 0 FROM json_each(?2)`,
  )
    .bind(user.id, JSON.stringify(full))
    .run();
  const { status, data } = await call("POST", TOKENS, {
    token,
    body: { name: "x", scopes: ["events:write"] },
  });
  expect([status, data.code]).toEqual([422, "token_limit_reached"]);
});
