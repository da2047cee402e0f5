import { env, exports } from "cloudflare:workers";
import { beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { STRIPE_KEYS } from "../../../../demo/vendors/stripe/index";
import type { StripeTruth } from "../../../../demo/vendors/stripe/world";
import { type Frame, frameSchema } from "../../../../schema/wire/live";
import type { SourceDetail, SyncRun } from "../../../../schema/wire/source";
import {
  cancelSync,
  findSource,
  startDue,
  startSync,
  vendorClientOf,
} from "../../../../worker/sources/connections";
import { LEASE_MS } from "../../../../worker/sources/connections/run-store";
import { buildStep } from "../../../../worker/sources/sync/building";
import { runSync, type Steps } from "../../../../worker/sources/sync/run";
import { tidy } from "../../../../worker/sources/sync/tidy";
import { makeAccount } from "../../../support/client";
import { type RemoteVendor, startVendor } from "../../../support/vendors/client";

const NOW = Date.UTC(2026, 10, 1);
let started: { id: string; params: { source: string; run: string } }[] = [];
const SYNC = {
  create: async (options: (typeof started)[number]) => void started.push(options),
  get: async () => ({ terminate: async () => {} }),
};
let owner: Awaited<ReturnType<typeof makeAccount>>;
let vendor: RemoteVendor;
let bindings: Env;
let project: string;

beforeAll(async () => {
  owner = await makeAccount();
  vendor = await startVendor({ vendor: "stripe", now: NOW, account: { signups: 1 }, limits: false });
  const SOURCES = JSON.stringify({ stripe: { base_url: vendor.url } });
  bindings = Object.assign({}, env, { SOURCES, SYNC });
});
beforeEach(async () => {
  started = [];
  await vendor.calm();
  const body = { name: "Shop", timezone: "UTC" };
  project = (await owner.call("POST", "/api/v1/projects", { token: owner.token, body })).data.id;
});

const call = (method: string, rest: string, body?: unknown) =>
  owner.call(method, `/api/v1/projects/${project}/sources${rest}`, { token: owner.token, bindings, body });

async function makeSource(): Promise<SourceDetail> {
  const body = { driver: "stripe", keys: { api_key: STRIPE_KEYS.full } };
  return (await call("POST", "", body)).data;
}
const detail = async (id: string): Promise<SourceDetail> => (await call("GET", `/${id}`)).data;
const newest = async (id: string): Promise<SyncRun> => (await call("GET", `/${id}/runs`)).data.data[0];

/** Steps that serialize to JSON and can be made to fail; sleeps are recorded instead. */
function stepper(breaks: (name: string) => boolean = () => false) {
  const names: string[] = [];
  const slept: number[] = [];
  const steps: Steps = {
    async do(name, work) {
      names.push(name);
      if (breaks(name)) throw new Error("the machine went away");
      return JSON.parse(JSON.stringify((await work()) ?? null));
    },
    sleep: async (_, ms) => void slept.push(ms),
  };
  return { names, slept, steps };
}

const hooks = {
  open: (source: Parameters<typeof vendorClientOf>[1]) => vendorClientOf(bindings, source),
  build: (of: string) => buildStep(bindings, of),
};
async function martsOf(of: string) {
  const { results } = await env.SHARD_0.prepare(
    "SELECT dataset, partition, segment FROM marts WHERE project = ?1",
  )
    .bind(of)
    .all<{ dataset: string; partition: string; segment: string | null }>();
  return results;
}
const run = (params: { source: string; run: string }, steps: Steps) =>
  runSync(bindings, params, steps, hooks);

describe("a sync", () => {
  test("reads everything, ends its run and releases the lease", async () => {
    const source = await makeSource();
    expect(started).toHaveLength(1);
    await run(started[0]!.params, stepper().steps);
    const after = await detail(source.id);
    expect(after).toMatchObject({ running: null, error: null, status: "active" });
    expect(after.synced_at).toBeGreaterThan(0);
    const truth = await vendor.truth<StripeTruth>();
    const rows = Object.fromEntries(after.streams.map((stream) => [stream.name, stream.rows]));
    expect(rows.customers).toBe(truth.customers.length);
    expect(rows.invoices).toBe(truth.invoices.length);
    const ended = await newest(source.id);
    expect(ended).toMatchObject({ id: started[0]!.id, status: "succeeded", error: null, throttled: 0 });
    expect(ended.records).toBe(Object.values(rows).reduce((sum, count) => sum + count, 0));
    expect(ended.requests).toBeGreaterThan(6);
    expect(ended.bytes).toBeGreaterThan(1000);
    expect(ended.progress.every(({ status }) => status === "complete")).toBe(true);
    const marts = await martsOf(project);
    expect(marts).toContainEqual({
      dataset: "subscriptions",
      partition: source.id,
      segment: expect.any(String),
    });
  });

  test("that is canceled stops at its next step and writes nothing more", async () => {
    const source = await makeSource();
    const [first] = started;
    await cancelSync(bindings, { id: first!.id, source: source.id }, Date.now());
    const { names, steps } = stepper();
    await run(first!.params, steps);
    expect(names.filter((name) => name.startsWith("read"))).toHaveLength(1);
    expect((await newest(source.id)).status).toBe("canceled");
    expect((await detail(source.id)).streams.every(({ rows }) => rows === 0)).toBe(true);
  });

  test("whose machine is lost ends as failed, and the next one continues", async () => {
    const source = await makeSource();
    await expect(
      run(started[0]!.params, stepper((name) => name.startsWith("build")).steps),
    ).rejects.toThrow();
    expect(await newest(source.id)).toMatchObject({ status: "succeeded" });
    await startSync(bindings, { id: source.id, project_id: project }, "manual", Date.now());
    await expect(run(started[1]!.params, stepper((name) => name === "read 0").steps)).rejects.toThrow();
    expect(await newest(source.id)).toMatchObject({ status: "failed", error: { code: "internal" } });
    expect((await detail(source.id)).status).toBe("active");
    await startSync(bindings, { id: source.id, project_id: project }, "manual", Date.now());
    await run(started[2]!.params, stepper().steps);
    expect(await newest(source.id)).toMatchObject({ status: "succeeded" });
  });

  test("that stops silently is replaced once its lease has expired", async () => {
    const source = await makeSource();
    const now = Date.now();
    await startDue(bindings, now + LEASE_MS - 1000);
    expect(started).toHaveLength(1);
    await startDue(bindings, now + LEASE_MS + 1000);
    const { data } = await call("GET", `/${source.id}/runs`);
    expect(data.data.map((each: SyncRun) => [each.trigger, each.status])).toEqual([
      ["schedule", "running"],
      ["connect", "failed"],
    ]);
    // If the first one continues after all, it finds that it has lost the lease.
    await run(started[0]!.params, stepper().steps);
    expect((await newest(source.id)).status).toBe("running");
  });
});

test("open pages get its progress, its end and new numbers", async () => {
  const source = await makeSource();
  const response = await exports.default.fetch(`http://selvedge.test/api/v1/ws/events/${project}`, {
    headers: { upgrade: "websocket", authorization: `Bearer ${owner.token}` },
  });
  const frames: Frame[] = [];
  response.webSocket?.addEventListener("message", ({ data }) => {
    frames.push(frameSchema.parse(JSON.parse(String(data))));
  });
  response.webSocket?.accept();
  await vi.waitFor(() => expect(frames.map(({ type }) => type)).toContain("hello"));
  await run(started[0]!.params, stepper().steps);
  const heard = (type: Frame["type"]) => frames.filter((frame) => frame.type === type);
  await vi.waitFor(() => expect(heard("synced")).not.toEqual([]));
  response.webSocket?.close();
  expect(heard("synced")).toContainEqual({ type: "synced", source: source.id, at: expect.any(Number) });
  const reports = frames.flatMap((frame) => (frame.type === "syncing" ? [frame] : []));
  expect(reports[0]).toMatchObject({ source: source.id, run: started[0]!.id, status: "running" });
  expect(reports.at(-1)).toMatchObject({ status: "succeeded" });
  expect(reports.at(-1)?.progress.every(({ status }) => status === "complete")).toBe(true);
});

describe("the schedule", () => {
  test("starts due syncs, one run per source, and schedules the next from then", async () => {
    const source = await makeSource();
    await run(started[0]!.params, stepper().steps);
    const due = (await detail(source.id)).next_sync_at ?? 0;
    const intervalMs = source.interval_minutes * 60_000;
    expect(due - Date.now()).toBeGreaterThan(intervalMs - 60_000);
    const startedAt = async (now: number) => {
      started = [];
      await startDue(bindings, now);
      return started.filter(({ params }) => params.source === source.id).length;
    };
    expect(await startedAt(due - 1)).toBe(0);
    expect(await startedAt(due)).toBe(1);
    expect(await startedAt(due + 1)).toBe(0);
    expect((await findSource(env.CONTROL, source.id))?.next_sync_at).toBe(due + intervalMs);
  });

  test("clears the remains of a deleted source", async () => {
    const source = await makeSource();
    await run(started[0]!.params, stepper().steps);
    const count = async (table: string, db: D1Database) =>
      (
        await db
          .prepare(
            `SELECT count(*) AS n FROM ${table} WHERE source${table === "sync_runs" ? "_id" : ""} = ?1`,
          )
          .bind(source.id)
          .first<{ n: number }>()
      )?.n;
    expect(await count("source_records", env.SHARD_0)).toBeGreaterThan(0);
    expect((await call("DELETE", `/${source.id}?confirm=Stripe`)).status).toBe(204);
    expect(await martsOf(project)).not.toEqual([]);
    await tidy(bindings, Date.now());
    expect((await martsOf(project)).filter(({ partition }) => partition !== "")).toEqual([]);
    for (const table of ["source_records", "source_pages", "source_streams", "dirty_records"])
      expect(await count(table, env.SHARD_0), table).toBe(0);
    expect(await count("sync_runs", env.CONTROL)).toBe(0);
    expect(
      await env.CONTROL.prepare("SELECT id FROM sources WHERE id = ?1").bind(source.id).first(),
    ).toBeNull();
  });
});

describe("a vendor that ends the access", () => {
  test("marks the source broken until it is connected again", async () => {
    const source = await makeSource();
    await run(started[0]!.params, stepper().steps);
    await vendor.misbehave({ kind: "expire_tokens" });
    await startSync(bindings, { id: source.id, project_id: project }, "manual", Date.now());
    await run(started[1]!.params, stepper().steps);
    expect(await newest(source.id)).toMatchObject({ status: "failed", error: { code: "auth" } });
    expect(await detail(source.id)).toMatchObject({
      status: "broken",
      next_sync_at: null,
      error: { code: "auth" },
    });
    const keys = { api_key: STRIPE_KEYS.rolled };
    expect((await call("PATCH", `/${source.id}`, { keys })).data).toMatchObject({
      status: "active",
      error: null,
    });
  });
});
