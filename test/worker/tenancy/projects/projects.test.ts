import { env } from "cloudflare:workers";
import { describe, expect, test } from "vitest";
import { DEFAULT_SETTINGS } from "../../../../schema/wire/project";
import { cachedProjectByKey, findProjectByKey } from "../../../../worker/tenancy/projects";
import { makeAccount } from "../../../support/client";

const PROJECTS = "/api/v1/projects";
const HOUR = 3_600_000;

async function withProject(body: Record<string, unknown> = {}) {
  const account = await makeAccount();
  const { token } = account;
  const send = (method: string, path: string, options = {}) =>
    account.call(method, path, { token, ...options });
  const made = await send("POST", PROJECTS, { body: { name: "Shop", ...body } });
  return { ...account, send, made, project: made.data, path: `${PROJECTS}/${made.data.id}` };
}

describe("creating and reading", () => {
  test("a project has a key of 32 random bytes, an owner, and a fold state in its zone", async () => {
    const { made, user, send, path } = await withProject({
      domain: "shop.example",
      timezone: "Asia/Kolkata",
    });
    expect(made.status).toBe(201);
    expect(made.data).toMatchObject({
      organization_id: `o${user.id}`,
      name: "Shop",
      domain: "shop.example",
      timezone: "Asia/Kolkata",
      settings: DEFAULT_SETTINGS,
      previous_keys: [],
      first_event_at: null,
    });
    expect(made.data.api_key).toMatch(/^proj_[\w-]{43}$/);
    expect(made.data.id).toMatch(/^p[a-z0-9]+$/);
    expect((await send("GET", path)).data).toEqual(made.data);
    expect((await send("GET", `${path}/`)).data).toEqual(made.data);
    const state = await env.SHARD_0.prepare("SELECT * FROM fold_state WHERE project = ?1")
      .bind(made.data.id)
      .first();
    expect(state).toMatchObject({ seq: 0, epoch: 0, timezone: "Asia/Kolkata" });
  });

  test("refuses a wrong zone, a wrong domain, no name, and what is not JSON", async () => {
    const { send, call, token } = await withProject();
    for (const [body, path] of [
      [{ name: "x", timezone: "Mars/Olympus" }, "timezone"],
      [{ name: "x", domain: "https://x.example/" }, "domain"],
      [{ name: " " }, "name"],
      [{}, "name"],
    ] as const) {
      const { status, data } = await send("POST", PROJECTS, { body });
      expect([status, data.code, data.errors[0].path]).toEqual([400, "invalid_request", path]);
    }
    const plain = await call("POST", PROJECTS, { token, headers: { "content-type": "text/plain" } });
    expect(plain.data.code).toBe("unsupported_media");
  });

  test("lists in pages, with a cursor until the last", async () => {
    const { send, project } = await withProject();
    const second = await send("POST", PROJECTS, { body: { name: "Second" } });
    const first = await send("GET", `${PROJECTS}?limit=1`);
    expect(first.data.data.map((p: { id: string }) => p.id)).toEqual([project.id]);
    const next = await send("GET", `${PROJECTS}?limit=1&cursor=${first.data.next_cursor}`);
    expect(next.data).toEqual({ data: [second.data], next_cursor: null });
    expect((await send("GET", `${PROJECTS}/?limit=0`)).status).toBe(400);
  });
});

describe("changing", () => {
  test("changes only the given fields", async () => {
    const { send, path, project } = await withProject({ domain: "a.example" });
    const named = await send("PATCH", path, { body: { name: "New", settings: { honor_dnt: true } } });
    expect(named.data).toEqual({
      ...project,
      name: "New",
      settings: { ...DEFAULT_SETTINGS, honor_dnt: true },
    });
    const again = await send("PATCH", path, { body: { settings: { property_denylist: ["email"] } } });
    expect(again.data.settings).toMatchObject({ honor_dnt: true, property_denylist: ["email"] });
    const open = await send("PATCH", path, { body: { domain: null, timezone: "Europe/Paris" } });
    expect(open.data).toMatchObject({ domain: null, timezone: "Europe/Paris", name: "New" });
    expect((await send("PATCH", path, { body: { timezone: "nowhere" } })).status).toBe(400);
  });

  test("deleting requires the name; then the project and its keys are not found", async () => {
    const { send, path, project } = await withProject();
    for (const options of [{}, { body: { confirm: "shop" } }]) {
      const { status, data } = await send("DELETE", path, options);
      expect([status, data.errors]).toMatchObject([400, [{ path: "confirm" }]]);
    }
    expect(await cachedProjectByKey(env.CONTROL, project.api_key, Date.now())).not.toBeNull();
    expect((await send("DELETE", `${path}?confirm=Shop`)).status).toBe(204);
    expect((await send("GET", path)).status).toBe(404);
    expect((await send("DELETE", `${path}?confirm=Shop`)).status).toBe(404);
    expect((await send("GET", PROJECTS)).data.data).toEqual([]);
    expect(await findProjectByKey(env.CONTROL, project.api_key, Date.now())).toBeNull();
    expect(await cachedProjectByKey(env.CONTROL, project.api_key, Date.now())).toBeNull();
  });

  test("the name may be confirmed in the body", async () => {
    const { send, path } = await withProject();
    expect((await send("DELETE", path, { body: { confirm: "Shop" } })).status).toBe(204);
  });

  test("shows the first event as recorded by the folder", async () => {
    const { send, path, project } = await withProject();
    await env.SHARD_0.prepare("UPDATE fold_state SET first_event_at = 1000 WHERE project = ?1")
      .bind(project.id)
      .run();
    expect((await send("GET", path)).data.first_event_at).toBe(1000);
    expect((await send("GET", PROJECTS)).data.data[0].first_event_at).toBe(1000);
  });
});

describe("rotating the key", () => {
  test("the old key is valid for the grace period only; the new one stays valid", async () => {
    const { send, path, project } = await withProject();
    const before = Date.now();
    const { status, data } = await send("POST", `${path}/rotate-key`);
    expect(status).toBe(200);
    expect(data.api_key).not.toBe(project.api_key);
    const [previous] = data.previous_keys;
    expect(previous.api_key).toBe(project.api_key);
    expect(previous.expires_at).toBeGreaterThanOrEqual(before + 24 * HOUR);
    const find = (key: string, now: number) => findProjectByKey(env.CONTROL, key, now);
    expect(await find(project.api_key, previous.expires_at - 1)).toMatchObject({ id: project.id });
    expect(await find(project.api_key, previous.expires_at)).toBeNull();
    expect(await find(data.api_key, previous.expires_at + 1000 * HOUR)).toMatchObject({ id: project.id });
  });

  test("rotating again does not change the grace period of older keys", async () => {
    const { send, path } = await withProject();
    const first = (await send("POST", `${path}/rotate-key`)).data;
    const second = (await send("POST", `${path}/rotate-key`)).data;
    expect(second.previous_keys).toHaveLength(2);
    expect(second.previous_keys).toContainEqual(first.previous_keys[0]);
    const oldest = first.previous_keys[0].api_key;
    await env.CONTROL.prepare("UPDATE project_keys SET expires_at = 1 WHERE api_key = ?1").bind(oldest).run();
    const third = (await send("POST", `${path}/rotate-key`)).data;
    expect(third.previous_keys).toHaveLength(2);
    expect(
      await env.CONTROL.prepare("SELECT 1 FROM project_keys WHERE api_key = ?1").bind(oldest).first(),
    ).toBeNull();
  });
});

describe("the isolate's cache of keys", () => {
  test("a known or unknown key for five seconds", async () => {
    const { project } = await withProject();
    const now = Date.now();
    const ask = (key: string, at: number) => cachedProjectByKey(env.CONTROL, key, at);
    expect(await ask(project.api_key, now)).toMatchObject({ id: project.id });
    await env.CONTROL.prepare("DELETE FROM project_keys WHERE api_key = ?1").bind(project.api_key).run();
    expect(await ask(project.api_key, now + 4_999)).toMatchObject({ id: project.id });
    expect(await ask(project.api_key, now + 5_000)).toBeNull();
    await env.CONTROL.prepare("INSERT INTO project_keys (api_key, project, created_at) VALUES (?1, ?2, 0)")
      .bind(project.api_key, project.id)
      .run();
    expect(await ask(project.api_key, now + 9_999)).toBeNull();
    expect(await ask(project.api_key, now + 10_000)).toMatchObject({ id: project.id });
  });

  test("only the fields of the ingest path", async () => {
    const { project } = await withProject({ domain: "a.example" });
    expect(await findProjectByKey(env.CONTROL, project.api_key, Date.now())).toEqual({
      id: project.id,
      timezone: "UTC",
      domain: "a.example",
      settings: DEFAULT_SETTINGS,
    });
  });
});
