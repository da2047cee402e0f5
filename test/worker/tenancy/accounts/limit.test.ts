import { expect, test } from "vitest";
import { makeAccount, makeClient } from "../../../support/client";

const AUTH = "/api/v1/auth";
type Answer = Awaited<ReturnType<ReturnType<typeof makeClient>>>;

/** Repeats until the limit applies. The limiter's minute may end once meanwhile, which restarts the count. */
async function tryUntilLimited(attempt: (i: number) => Promise<Answer>) {
  for (let i = 0; i <= 20; i++) {
    const answer = await attempt(i);
    if (answer.status === 429) return { allowed: i, answer };
  }
  throw new Error("21 attempts were allowed");
}

function expectLimited({ allowed, answer }: Awaited<ReturnType<typeof tryUntilLimited>>) {
  expect(allowed).toBeGreaterThanOrEqual(10);
  expect([answer.data.code, answer.headers.get("retry-after")]).toEqual(["rate_limited", "60"]);
}

test.each([
  ["register", (i: number) => ({ email: `many-${i}@example.com`, password: "long enough" })],
  ["login", (i: number) => ({ email: `many-${i}@example.com`, password: "wrong password" })],
  ["forgot-password", (i: number) => ({ email: `many-${i}@example.com` })],
  ["resend-verification", (i: number) => ({ email: `many-${i}@example.com` })],
  ["verify-email", () => ({ token: "x" })],
  ["reset-password", () => ({ token: "x", password: "long enough" })],
] as const)("%s: ten a minute from an address, whatever it names", async (action, bodyOf) => {
  const call = makeClient();
  expectLimited(await tryUntilLimited((i) => call("POST", `${AUTH}/${action}`, { body: bodyOf(i) })));
});

test("an account is limited whatever addresses the attempts come from", async () => {
  const { email } = await makeAccount();
  const body = { email, password: "wrong password" };
  expectLimited(await tryUntilLimited(() => makeClient()("POST", `${AUTH}/login`, { body })));
});

test("an IPv6 subscriber is one address", async () => {
  const body = { token: "x" };
  const attempt = (i: number) => {
    const headers = { "cf-connecting-ip": `2001:db8:7:8:${i}::1` };
    return makeClient()("POST", `${AUTH}/verify-email`, { body, headers });
  };
  expectLimited(await tryUntilLimited(attempt));
});
