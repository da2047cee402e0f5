import { createExecutionContext, createMessageBatch, getQueueResult } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import worker from "../../../../worker";
import { collectGarbage } from "../../../../worker/pipeline/fold/tidy";
import { pickShard, storesOfShard } from "../../../../worker/tenancy/projects";
import { makeAccount, makeClient } from "../../../support/client";
import { unstableStores } from "../../../support/failing-storage";
import { makeRow } from "../../../support/make-row";
import { messageOf } from "../../../support/pipeline";

const SHARDS = [0, 1, 2] as const;
const DATABASES = [env.SHARD_0, env.SHARD_1, env.SHARD_2] as const;

/** A project in a shard, as if this one had been the smallest when it was created. */
async function makeProject(shard: (typeof SHARDS)[number]) {
  const account = await makeAccount();
  const { data } = await account.call("POST", "/api/v1/projects", {
    token: account.token,
    body: { name: `In ${shard}` },
  });
  const id: string = data.id;
  await env.SHARD_0.prepare("DELETE FROM fold_state WHERE project = ?1").bind(id).run();
  await DATABASES[shard].prepare("INSERT INTO fold_state (project) VALUES (?1)").bind(id).run();
  await env.CONTROL.prepare("UPDATE projects SET shard = ?2 WHERE id = ?1").bind(id, shard).run();
  const get = async (path: string) => (await account.call("GET", path, { token: account.token })).data;
  return { id, shard, key: data.api_key as string, get };
}

/** A database that reports another size. */
const bytesOf = (db: D1Database, size_after: number): D1Database =>
  new Proxy(db, {
    get: () => () => {
      const statement = { bind: () => statement, run: async () => ({ meta: { size_after } }) };
      return statement;
    },
  });

describe("projects in three shards", () => {
  it("send and ask through the same API, and each shard has its own only", async () => {
    const made = await Promise.all(SHARDS.map(makeProject));
    for (const { key, shard } of made) {
      const events = Array.from({ length: shard + 2 }, (_, i) => ({
        event: "page_view",
        distinct_id: `u${i}`,
        page_url: "https://shop.example/",
      }));
      const headers = { authorization: `Bearer ${key}` };
      const answer = await makeClient()("POST", `/api/v1/events/ingest?key=${key}`, {
        headers,
        body: { events },
      });
      expect(answer.data).toMatchObject({ accepted: shard + 2 });
    }
    for (const { id, shard, get } of made) {
      await expect
        .poll(async () => (await get(`/api/v1/analytics/${id}/overview?from=24h`)).metrics.pageviews.value, {
          timeout: 20_000,
        })
        .toBe(shard + 2);
      const { data } = await get(`/api/v1/analytics/${id}/events?from=24h`);
      expect(data).toHaveLength(shard + 2);
      for (const [n, db] of DATABASES.entries()) {
        const row = await db.prepare("SELECT count(*) AS n FROM rollups WHERE project = ?1").bind(id).first();
        expect(Number(row?.n) > 0).toBe(n === shard);
      }
    }
    for (const prefix of ["shard=0/lake/v1/events/", "shard=1/lake/v1/events/", "shard=2/lake/v1/events/"])
      expect((await env.LAKE.list({ prefix })).objects.length).toBeGreaterThan(0);
  });

  it("collect only their own objects", async () => {
    const before = await env.LAKE.list();
    const stores = storesOfShard(env, 1);
    await stores.lake.put("lake/v1/events/log/0-orphan.parquet", "left by a crash");
    await collectGarbage(stores, 0, Date.now() + 3 * 86_400_000);
    expect((await env.LAKE.list()).objects.map(({ key }) => key)).toEqual(
      before.objects.map(({ key }) => key),
    );
  });

  it("a shard that fails delays only its own events", async () => {
    const [first, second] = [await makeProject(0), await makeProject(1)];
    const now = Date.now();
    const messages = [first, second].map(({ id }, i) => ({
      id: `m${i}`,
      timestamp: new Date(now),
      attempts: 1,
      body: messageOf("k", [makeRow({ project_id: id, event_id: "e", timestamp: now })], now),
    }));
    const batch = createMessageBatch("selvedge-events", messages);
    const { stores, down } = unstableStores(env.SHARD_1, env.LAKE);
    down.db = true;
    const context = createExecutionContext();
    await worker.queue?.(batch, { ...env, SHARD_1: stores.db }, context);
    const result = await getQueueResult(batch, context);
    expect(result.explicitAcks).toEqual(["m0"]);
    expect(result.retryMessages.map(({ msgId }) => msgId)).toEqual(["m1"]);

    const body = { messages: messages.map((message) => message.body) };
    const shared = { id: "both", timestamp: new Date(now), attempts: 1, body };
    const both = createMessageBatch("selvedge-events", [shared]);
    await worker.queue?.(both, { ...env, SHARD_1: stores.db }, context);
    expect((await getQueueResult(both, context)).retryMessages).toHaveLength(1);
    down.db = false;
    const again = createMessageBatch("selvedge-events", [{ ...shared, attempts: 2 }]);
    await worker.queue?.(again, { ...env, SHARD_1: stores.db }, context);
    expect((await getQueueResult(again, context)).explicitAcks).toEqual(["both"]);
  });

  it("new ones are created in the smallest shard, in the first of about equal ones", async () => {
    const bindings = (sizes: number[]) => ({
      ...env,
      ...Object.fromEntries(sizes.map((size, n) => [`SHARD_${n}`, bytesOf(env.SHARD_0, size * 1e9)])),
    });
    expect(await pickShard(bindings([3, 1, 2]))).toBe(1);
    expect(await pickShard(bindings([0.1, 0.05, 0.02]))).toBe(0);
    expect(await pickShard(env)).toBe(0);
  });

  it("their operator sees size and load", async () => {
    const call = makeClient();
    const bindings = { ...env, OPERATOR_TOKEN: "an-operator-token-of-enough-characters" };
    expect((await call("GET", "/api/v1/shards", { token: "another", bindings })).status).toBe(401);
    const { data } = await call("GET", "/api/v1/shards", { token: bindings.OPERATOR_TOKEN, bindings });
    expect(data.data.map(({ shard }: { shard: number }) => shard)).toEqual([0, 1, 2]);
    for (const { bytes, projects, events_last_hour } of data.data) {
      expect(bytes).toBeGreaterThan(0);
      expect(projects).toBeGreaterThan(0);
      expect(events_last_hour).toBeGreaterThan(0);
    }
  });
});
