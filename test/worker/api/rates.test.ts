import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { api } from "../../../worker/api/app";
import { makeAccount } from "../../support/client";

const TOKEN = "an-operator-token-of-enough-characters";
const rate = { day: "2026-11-20", currency: "SEK", per_euro: 11.04 };

async function put(token: string | null, bindings: object, rates: object[] = [rate]) {
  const headers = { "content-type": "application/json", ...(token && { authorization: `Bearer ${token}` }) };
  const body = JSON.stringify({ rates });
  const response = await api.request(
    "/api/v1/rates",
    { method: "PUT", headers, body },
    { ...env, ...bindings },
  );
  return { status: response.status, data: await response.json<{ changed?: number }>() };
}

test("only the deployment's own token can store rates", async () => {
  const { token } = await makeAccount();
  for (const wrong of [null, token, `${TOKEN}x`]) {
    expect((await put(wrong, { OPERATOR_TOKEN: TOKEN })).status).toBe(401);
  }
  expect((await put("", { OPERATOR_TOKEN: "" })).status).toBe(401);
  expect(await env.CONTROL.prepare("SELECT * FROM currency_rates").first()).toBeNull();
  expect(await put(TOKEN, { OPERATOR_TOKEN: TOKEN })).toEqual({ status: 200, data: { changed: 1 } });
  expect(await env.CONTROL.prepare("SELECT * FROM currency_rates").first()).toEqual(rate);
});

test("as many rates as the schema allows are stored by one request", async () => {
  const rates = Array.from({ length: 5000 }, (_, i) => ({
    ...rate,
    day: new Date(Date.UTC(2010, 0, 1 + i)).toISOString().slice(0, 10),
    per_euro: 11.123456789,
  }));
  const stored = await put(TOKEN, { OPERATOR_TOKEN: TOKEN }, rates);
  expect(stored).toEqual({ status: 200, data: { changed: 5000 } });
});
