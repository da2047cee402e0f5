import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, test } from "vitest";
import { STRIPE_KEYS } from "../../../demo/vendors/stripe/index";
import { makeAccount } from "../../support/client";
import { type RemoteVendor, startVendor } from "../../support/vendors/client";

const NOW = Date.UTC(2026, 10, 1);

/** Syncs are not run here: started ones are recorded. */
const started: string[] = [];
const terminated: string[] = [];
const SYNC = {
  create: async ({ id }: { id: string }) => void started.push(id),
  get: async (id: string) => ({ terminate: async () => void terminated.push(id) }),
};

type Account = Awaited<ReturnType<typeof makeAccount>>;
let owner: Account;
let viewer: Account;
let editor: Account;
let vendor: RemoteVendor;
let bindings: Env;
let project: string;

beforeAll(async () => {
  [owner, viewer, editor] = [await makeAccount(), await makeAccount(), await makeAccount()];
  vendor = await startVendor({ vendor: "stripe", now: NOW, account: { signups: 1 } });
  bindings = Object.assign({}, env, {
    SOURCES: JSON.stringify({ stripe: { base_url: vendor.url } }),
    SYNC,
  });
  const made = await owner.call("POST", "/api/v1/organizations", {
    token: owner.token,
    body: { name: "Mill" },
  });
  for (const [who, role] of [
    [viewer, "viewer"],
    [editor, "editor"],
  ] as const) {
    await env.CONTROL.prepare(
      "INSERT INTO members (id, organization_id, user_id, role, created_at) VALUES (?1, ?2, ?3, ?4, 0)",
    )
      .bind(crypto.randomUUID(), made.data.id, who.user.id, role)
      .run();
  }
  const body = { name: "Shop", timezone: "UTC", organization_id: made.data.id };
  project = (await owner.call("POST", "/api/v1/projects", { token: owner.token, body })).data.id;
});

const at = (rest = "") => `/api/v1/projects/${project}/sources${rest}`;
const as = (who: Account) => (method: string, path: string, body?: unknown) =>
  who.call(method, path, { token: who.token, bindings, body });

async function makeSource(name = "Stripe") {
  const body = { driver: "stripe", name, keys: { api_key: STRIPE_KEYS.full } };
  const { status, data } = await as(owner)("POST", at(), body);
  expect(status, JSON.stringify(data)).toBe(201);
  return data;
}

describe("connecting by keys", () => {
  test("a valid key creates a source that is synced at once", async () => {
    const source = await makeSource("Billing");
    expect(source).toMatchObject({ driver: "stripe", name: "Billing", status: "active", error: null });
    expect(source.accounts).toMatchObject([{ selected: true }]);
    expect(source.running).toBe(started.at(-1));
    const { data } = await as(viewer)("GET", at(`/${source.id}`));
    expect(data.streams.map(({ name }: { name: string }) => name)).toContain("invoices");
    expect(data.limits).toMatchObject([{ account: source.accounts[0].id, breaker: "closed", failures: 0 }]);
    expect((await as(viewer)("GET", at(`/${source.id}/runs`))).data.data).toMatchObject([
      { id: source.running, trigger: "connect", status: "running", progress: [] },
    ]);
  });

  test("an invalid key is refused with the vendor's error, and no source is created", async () => {
    const before = (await as(owner)("GET", at())).data.data.length;
    const body = { driver: "stripe", keys: { api_key: "rk_test_unknown" } };
    const refused = await as(owner)("POST", at(), body);
    expect([refused.status, refused.data.code]).toEqual([422, "vendor_refused"]);
    expect(JSON.stringify(refused.data)).not.toContain("rk_test_unknown");
    expect((await as(owner)("GET", at())).data.data).toHaveLength(before);
  });

  test("an unavailable vendor is reported", async () => {
    await vendor.misbehave({ kind: "fail", calls: 20 });
    const body = { driver: "stripe", keys: { api_key: STRIPE_KEYS.full } };
    const refused = await as(owner)("POST", at(), { ...body });
    await vendor.calm();
    expect([refused.status, refused.data.code]).toEqual([503, "vendor_unavailable"]);
  });

  test.each([
    [{ driver: "stripe", keys: {} }, "keys.api_key"],
    [{ driver: "stripe", keys: { api_key: "  " } }, "keys.api_key"],
    [{ driver: "stripe", keys: { api_key: "x", other: "y" } }, "keys.other"],
    [{ driver: "stripe", settings: { surprise: 1 } }, "settings"],
    [{ driver: "webhooks" }, "driver"],
  ])("the error of %j is reported", async (body, path) => {
    const { status, data } = await as(owner)("POST", at(), body);
    expect(status).toBeGreaterThanOrEqual(400);
    expect(status).toBeLessThan(500);
    expect(data.errors[0].path).toContain(path);
  });
});

describe("running", () => {
  test("a sync is started manually, returned again while it runs, and canceled", async () => {
    const source = await makeSource();
    const going = await as(editor)("POST", at(`/${source.id}/sync`));
    expect([going.status, going.data.id, going.data.trigger]).toEqual([202, source.running, "connect"]);
    const canceled = await as(editor)("POST", at(`/${source.id}/cancel`));
    expect(canceled.data).toMatchObject({ id: source.running, status: "canceled" });
    expect(terminated).toContain(source.running);
    const next = await as(editor)("POST", at(`/${source.id}/sync`));
    expect(next.data).toMatchObject({ trigger: "manual", status: "running" });
    const page = await as(viewer)("GET", at(`/${source.id}/runs?limit=1`));
    expect(page.data.data.map(({ id }: { id: string }) => id)).toEqual([next.data.id]);
    const rest = await as(viewer)("GET", at(`/${source.id}/runs?limit=1&cursor=${page.data.next_cursor}`));
    expect(rest.data).toMatchObject({ data: [{ id: source.running }], next_cursor: null });
    expect((await as(editor)("POST", at(`/${source.id}/cancel`))).status).toBe(200);
    expect((await as(editor)("POST", at(`/${source.id}/cancel`))).data.code).toBe("sync_not_running");
  });

  test("pausing ends the sync and the schedule; resuming syncs at once", async () => {
    const source = await makeSource();
    const paused = await as(editor)("PATCH", at(`/${source.id}`), { paused: true });
    expect(paused.data).toMatchObject({ status: "paused", next_sync_at: null, running: null });
    expect((await as(editor)("POST", at(`/${source.id}/sync`))).data.code).toBe("source_not_active");
    const active = await as(editor)("PATCH", at(`/${source.id}`), { paused: false, interval_minutes: 30 });
    expect(active.data).toMatchObject({ status: "active", interval_minutes: 30 });
    expect(active.data.next_sync_at).toBeLessThanOrEqual(Date.now());
  });

  test("a stream is reset by name", async () => {
    const source = await makeSource();
    const { status, data } = await as(editor)("POST", at(`/${source.id}/streams/invoices/reset`));
    expect([status, data.id]).toEqual([202, source.running]);
    expect((await as(editor)("POST", at(`/${source.id}/streams/pets/reset`))).status).toBe(404);
  });

  test("accounts are selected from those that can be read", async () => {
    const source = await makeSource();
    const none = await as(editor)("PATCH", at(`/${source.id}`), { accounts: [] });
    expect(none.data.accounts).toMatchObject([{ selected: false }]);
    const wrong = await as(editor)("PATCH", at(`/${source.id}`), { accounts: ["acct_other"] });
    expect(wrong.data.code).toBe("unknown_name");
    const checked = await as(editor)("POST", at(`/${source.id}/check`));
    expect(checked.data.accounts).toMatchObject([{ selected: false }]);
  });
});

describe("permissions", () => {
  test("editors run sources, only admins connect them or change their keys and settings", async () => {
    const source = await makeSource();
    const body = { driver: "stripe", keys: { api_key: STRIPE_KEYS.full } };
    expect((await as(editor)("POST", at(), body)).data.code).toBe("insufficient_role");
    for (const change of [{ keys: body.keys }, { settings: {} }])
      expect((await as(editor)("PATCH", at(`/${source.id}`), change)).data.code).toBe("insufficient_role");
    expect((await as(editor)("PATCH", at(`/${source.id}`), { name: "Other" })).data.name).toBe("Other");
    expect((await as(viewer)("PATCH", at(`/${source.id}`), { name: "No" })).data.code).toBe(
      "insufficient_role",
    );
    expect((await as(editor)("DELETE", at(`/${source.id}?confirm=Other`))).data.code).toBe(
      "insufficient_role",
    );
  });

  test("new keys are checked first: if they fail, the old ones stay", async () => {
    const source = await makeSource();
    const bad = await as(owner)("PATCH", at(`/${source.id}`), { keys: { api_key: "rk_test_bad" } });
    expect(bad.status).toBe(422);
    expect((await as(editor)("POST", at(`/${source.id}/check`))).status).toBe(200);
    const good = await as(owner)("PATCH", at(`/${source.id}`), { keys: { api_key: STRIPE_KEYS.live } });
    expect(good.data).toMatchObject({ status: "active" });
  });

  test("the list of all sources has only the caller's projects", async () => {
    const source = await makeSource();
    const mine = await as(viewer)("GET", `/api/v1/sources?project=${project}`);
    expect(mine.data.data.map(({ id }: { id: string }) => id)).toContain(source.id);
    const otherAccount = await makeAccount();
    expect((await as(otherAccount)("GET", `/api/v1/sources?project=${project}`)).data.data).toEqual([]);
  });
});

test("deleting requires the name, ends the sync and deletes the secret at once", async () => {
  const source = await makeSource("Old billing");
  expect((await as(owner)("DELETE", at(`/${source.id}?confirm=x`))).status).toBe(400);
  expect((await as(owner)("DELETE", at(`/${source.id}?confirm=Old%20billing`))).status).toBe(204);
  expect((await as(owner)("GET", at(`/${source.id}`))).status).toBe(404);
  expect(terminated).toContain(source.running);
  const row = await env.CONTROL.prepare("SELECT secret FROM sources WHERE id = ?1").bind(source.id).first();
  expect(row).toEqual({ secret: null });
});

test("deleting a project deletes its sources and their secrets", async () => {
  const body = { name: "Short-lived", timezone: "UTC" };
  const { data } = await as(owner)("POST", "/api/v1/projects", body);
  const made = { driver: "stripe", keys: { api_key: STRIPE_KEYS.full } };
  const source = (await as(owner)("POST", `/api/v1/projects/${data.id}/sources`, made)).data;
  await as(owner)("DELETE", `/api/v1/projects/${data.id}?confirm=Short-lived`, {});
  const row = await env.CONTROL.prepare("SELECT secret, deleted_at FROM sources WHERE id = ?1")
    .bind(source.id)
    .first();
  expect(row).toEqual({ secret: null, deleted_at: expect.any(Number) });
});

test("a shorter interval applies from now on", async () => {
  const source = await makeSource();
  const { data } = await as(editor)("PATCH", at(`/${source.id}`), { interval_minutes: 15 });
  expect(data.next_sync_at).toBeLessThanOrEqual(Date.now() + 15 * 60_000);
  const longer = await as(editor)("PATCH", at(`/${source.id}`), { interval_minutes: 600 });
  expect(longer.data.next_sync_at).toBe(data.next_sync_at);
});

test("drivers are listed with their fields, never with their clients' secrets", async () => {
  const { data } = await as(viewer)("GET", at("/drivers"));
  const stripe = data.data.find(({ name }: { name: string }) => name === "stripe");
  expect(stripe).toMatchObject({ category: "billing", auth: { kind: "keys", keys: [{ name: "api_key" }] } });
});
