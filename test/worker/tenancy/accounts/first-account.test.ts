import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { DAY_MS } from "../../../../worker/lib/time";
import { expireUnconfirmed } from "../../../../worker/tenancy/accounts";
import { makeAccount, makeClient, PASSWORD } from "../../../support/client";

const register = async (email: string) =>
  (await makeClient()("POST", "/api/v1/auth/register", { body: { email, password: PASSWORD } })).data;

test("the first account is confirmed, as it is the deployer's; also of two at once only one is", async () => {
  const made = await Promise.all(["a@example.com", "b@example.com"].map(register));
  expect(made.map(({ user }) => user.email_verified).sort()).toEqual([false, true]);
  expect((await register("c@example.com")).user.email_verified).toBe(false);
});

test("unconfirmed accounts without a project expire after thirty days, with their organizations", async () => {
  const [first, idle, busy, fresh] = [
    await env.CONTROL.prepare("SELECT id FROM users ORDER BY rowid").first<string>("id"),
    (await register("idle@example.com")).user.id,
    await register("busy@example.com"),
    (await register("fresh@example.com")).user.id,
  ];
  const confirmed = (await makeAccount()).user.id;
  await makeClient()("POST", "/api/v1/projects", { token: busy.access_token, body: { name: "In use" } });
  const old = Date.now() - 30 * DAY_MS - 1;
  await env.CONTROL.prepare("UPDATE users SET created_at = ?1 WHERE id <> ?2").bind(old, fresh).run();
  await expireUnconfirmed(env.CONTROL, Date.now());
  const { results } = await env.CONTROL.prepare("SELECT id FROM users").all<{ id: string }>();
  const left = results.map(({ id }) => id);
  for (const id of [first, busy.user.id, fresh, confirmed]) expect(left).toContain(id);
  expect(left).not.toContain(idle);
  const organizations = await env.CONTROL.prepare("SELECT id FROM organizations WHERE id = ?1")
    .bind(`o${idle}`)
    .all();
  expect(organizations.results).toEqual([]);
});
