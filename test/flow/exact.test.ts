/**
 * Five thousand events as in production: repeated, late, out of order, malformed, from crawlers, with wrong clocks.
 * Then every number equals a plain count of the sent events.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Random } from "../../demo/traffic/random.ts";
import { rollupsOf, SELECT_ROLLUPS, type StoredRollup } from "../support/derived-rollups.ts";
import { openLake } from "../support/lake-files.ts";
import { type Batch, makeBatches, noonZone, sendBatch, shuffle, tallyOf } from "../support/make-batches.ts";
import { type Product, type Project, startProduct } from "../support/product.ts";

const NOW = Date.now();
const SENDERS = 8;
const folder = mkdtempSync(path.join(tmpdir(), "selvedge-exact-"));
const batches = makeBatches({ seed: 20, events: 5000, now: NOW, most: 50 });
const tally = tallyOf(batches);
let product: Product;
let project: Project;
const answers: { batch: Batch; status: number; body: unknown }[] = [];

/** Sends every request, and every fifth again at another time, several at once. */
async function sendAll(): Promise<void> {
  const twice = batches.filter((_, i) => i % 5 === 0);
  const waiting = shuffle(new Random(5), [...batches, ...twice]);
  const sender = async () => {
    for (let batch = waiting.pop(); batch; batch = waiting.pop()) {
      const response = await sendBatch(product.server.url, project.api_key, batch);
      answers.push({ batch, status: response.status, body: await response.json() });
    }
  };
  await Promise.all(Array.from({ length: SENDERS }, sender));
}

async function drops(): Promise<Record<string, number>> {
  const { data } = await product.api<{ data: { reason: string; count: number }[] }>(
    "GET",
    `/api/v1/projects/${project.id}/drops`,
  );
  return Object.fromEntries(data.map(({ reason, count }) => [reason, count]));
}

async function pipeline(): Promise<{ days_to_derive: number; dead_letters: number }> {
  return await product.api("GET", `/api/v1/projects/${project.id}/pipeline`);
}

/** Numbers as returned by the API. */
async function numbers(): Promise<Record<string, unknown>> {
  const range = `from=${new Date(NOW - 96 * 3_600_000).toISOString()}`;
  const base = `/api/v1/analytics/${project.id}`;
  const { metrics } = await product.api<{ metrics: Record<string, { value: number }> }>(
    "GET",
    `${base}/overview?${range}`,
  );
  const top = await product.api<{ data: { event: string; count: number }[] }>(
    "GET",
    `${base}/top-events?limit=20&${range}`,
  );
  const { events, visitors, sessions, users, pageviews } = metrics;
  return {
    events: events?.value,
    visitors: visitors?.value,
    sessions: sessions?.value,
    users: users?.value,
    pageviews: pageviews?.value,
    byName: Object.fromEntries(top.data.map(({ event, count }) => [event, count])),
  };
}

const expected = {
  events: tally.events,
  visitors: tally.visitors,
  sessions: tally.sessions,
  users: tally.users,
  pageviews: tally.byName.page_view,
  byName: tally.byName,
};

async function rollups(): Promise<Record<string, unknown>> {
  const shard = await product.server.miniflare.getD1Database("SHARD_0");
  const { results } = await shard.prepare(SELECT_ROLLUPS).bind(project.id).all<StoredRollup>();
  return rollupsOf(results);
}

const patience = { timeout: 60_000, interval: 250 };

beforeAll(async () => {
  product = await startProduct();
  project = await product.makeProject("Exact", noonZone(NOW));
  await sendAll();
});
afterAll(async () => {
  await product?.close();
  rmSync(folder, { recursive: true, force: true });
});

describe("events sent twice, late, shuffled, broken and skewed", () => {
  it("are each answered with accepted and rejected events, the same on repetition", () => {
    for (const { batch, status, body } of answers) {
      expect(status).toBe(202);
      expect(body).toMatchObject({ accepted: batch.accepted, rejected: batch.rejected });
    }
    const codes = new Set(batches.flatMap(({ rejected }) => rejected.map(({ code }) => code)));
    expect(codes.size).toBe(6);
  });

  it("are counted once: events, names, visitors, sessions and users", async () => {
    await expect.poll(async () => (await numbers()).events, patience).toBe(tally.events);
    await expect.poll(async () => (await pipeline()).days_to_derive, patience).toBe(0);
    expect(await numbers()).toEqual(expected);
  });

  it("leave no dead letter, and the rest is accounted for by reason", async () => {
    expect(await pipeline()).toMatchObject({ days_to_derive: 0, dead_letters: 0 });
    await expect.poll(drops, patience).toEqual(tally.drops);
  });

  it("are in the lake once", async () => {
    const lake = await openLake(product.server.miniflare, path.join(folder, "lake"));
    const [counts] = await lake.query(
      `SELECT count(*), count(DISTINCT event_id), count(DISTINCT visitor_id), count(*) FILTER (clock_skewed) FROM events`,
    );
    lake.close();
    expect(counts).toEqual([tally.events, tally.events, tally.visitors, tally.skewed]);
  });

  it("give the same rollups when they are derived again from the lake", async () => {
    const before = await rollups();
    const { days } = await product.api<{ days: number }>(
      "POST",
      `/api/v1/projects/${project.id}/rebuild`,
      {},
    );
    expect(days).toBeGreaterThanOrEqual(3);
    await expect.poll(async () => (await pipeline()).days_to_derive, patience).toBe(0);
    expect(await rollups()).toEqual(before);
    expect(await numbers()).toEqual(expected);
  });
});
