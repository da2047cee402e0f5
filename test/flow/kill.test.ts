/**
 * The product killed with SIGKILL at random moments while events arrive: four kills, or `KILLS` (`npm run test:long`:
 * 20). After each restart the applied keys, the lake and the numbers agree. At the end the sender's retries restore
 * messages that were only in the local queue's memory, and nothing is counted twice.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, expect, it } from "vitest";
import { buildIfStale } from "../../demo/fresh-build.ts";
import { Random } from "../../demo/traffic/random.ts";
import { entryKeyOf } from "../../worker/pipeline/commits/applied.ts";
import { hashText } from "../../worker/pipeline/ingest/hash.ts";
import { rollupsOf, SELECT_ROLLUPS, type StoredRollup } from "../support/derived-rollups.ts";
import { makeVictim, type Victim } from "../support/kill.ts";
import { type Batch, makeBatches, noonZone, sendBatch, tallyOf } from "../support/make-batches.ts";
import type { Project } from "../support/product.ts";

const KILLS = Number(process.env.KILLS ?? 4);
/** A kill happens at a random time within this interval. */
const MOMENTS_MS = 1800;
/** Pause between two requests of one of three senders. */
const PACE_MS = 5;
const NEW_SHARE = 0.2;
const NOW = Date.now();
const random = new Random(1871);
const batches = makeBatches({ seed: 3, events: 4000, now: NOW, most: 20 });
const state = mkdtempSync(path.join(tmpdir(), "selvedge-kill-"));
const patience = { timeout: 30_000, interval: 100 };
let victim: Victim;
let project: Project;
let token: string;

async function api<T>(method: string, route: string, body?: unknown): Promise<T> {
  const headers = { "content-type": "application/json", authorization: `Bearer ${token}` };
  const response = await fetch(`${victim.url}/api/v1${route}`, {
    method,
    headers,
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${method} ${route}: ${response.status} ${await response.text()}`);
  return (await response.json()) as T;
}

/** The keys of the only messages of the requests. */
const keys = new Map(
  batches.map((batch) => {
    const ofContent = () => hashText(`events ${JSON.stringify(batch.events)}`);
    return [batch, `${batch.key === "event_ids" ? ofContent() : batch.id}/0`];
  }),
);

/**
 * Sends until the process is dead: mostly requests that it has received already, as a sender in doubt does, and
 * sometimes new ones. Requests that were not acknowledged are returned for the next run.
 */
async function sendUntilKilled(waiting: Batch[], acknowledged: Set<Batch>, moment: number): Promise<void> {
  let isAlive = true;
  const chance = new Random(moment);
  const sender = async () => {
    while (isAlive) {
      const isNew = acknowledged.size === 0 || chance.chance(NEW_SHARE);
      const batch = (isNew ? waiting.shift() : undefined) ?? chance.of([...acknowledged]);
      const response = await sendBatch(victim.url, project.api_key, batch).catch(() => null);
      if (response?.status === 202) acknowledged.add(batch);
      else if (!acknowledged.has(batch)) waiting.push(batch);
      await pause(PACE_MS);
    }
  };
  const senders = [sender(), sender(), sender()];
  await pause(moment);
  await victim.kill();
  isAlive = false;
  await Promise.all(senders);
}

/** Waits until everything committed is folded. The queue's memory is empty after a start. */
async function settle(): Promise<void> {
  await expect
    .poll(
      () =>
        victim.shard(
          `SELECT (SELECT count(*) FROM dirty_days) AS dirty, (SELECT count(*) FROM fold_state f, commits c
             WHERE c.seq > f.seq AND (c.projects LIKE '%' || f.project || '%' OR c.drops LIKE '%' || f.project || '%')) AS behind`,
        ),
      patience,
    )
    .toEqual([{ dirty: 0, behind: 0 }]);
}

/** The stored forms of the applied keys. */
async function appliedKeys(): Promise<string[]> {
  const tables = await victim.shard<{ name: string }>(
    "SELECT name FROM sqlite_master WHERE type = 'table' AND name GLOB 'applied_keys_[0-9]*'",
  );
  const union = tables.map(({ name }) => `SELECT hex(entries) AS entries FROM ${name}`).join(" UNION ALL ");
  const rows = union ? await victim.shard<{ entries: string }>(union) : [];
  return rows.flatMap(({ entries }) => entries.match(/.{32}/g) ?? []).map((entry) => entry.slice(0, 16));
}

async function rollups(): Promise<Record<string, unknown>> {
  return rollupsOf(await victim.shard<StoredRollup>(SELECT_ROLLUPS.replace("?1", `'${project.id}'`)));
}

async function numbers(): Promise<Record<string, unknown>> {
  const from = `from=${new Date(NOW - 96 * 3_600_000).toISOString()}`;
  const base = `/analytics/${project.id}`;
  const { metrics } = await api<{ metrics: Record<string, { value: number }> }>(
    "GET",
    `${base}/overview?${from}`,
  );
  const top = await api<{ data: { event: string; count: number }[] }>(
    "GET",
    `${base}/top-events?limit=20&${from}`,
  );
  const drops = await victim.shard<{ reason: string; count: number }>(
    "SELECT reason, sum(count) AS count FROM drops GROUP BY reason",
  );
  const { events, visitors, sessions, users } = metrics;
  return {
    events: events?.value,
    byName: Object.fromEntries(top.data.map(({ event, count }) => [event, count])),
    visitors: visitors?.value,
    sessions: sessions?.value,
    users: users?.value,
    drops: Object.fromEntries(drops.map(({ reason, count }) => [reason, count])),
  };
}

/** Compares stored data with the applied requests, and returns these. */
async function check(): Promise<Batch[]> {
  await settle();
  const applied = await appliedKeys();
  expect(new Set(applied).size).toBe(applied.length);
  const taken = batches.filter((batch) => applied.includes(entryKeyOf(`${project.id}/${keys.get(batch)}`)));
  expect(taken.length).toBe(applied.length);
  const { skewed: _, ...tally } = tallyOf(taken);

  const ids = await victim.lake<[string]>("SELECT event_id FROM events ORDER BY event_id");
  const facts = taken.flatMap((batch) => batch.facts.map((fact) => fact.event_id));
  expect(ids.map(([id]) => id)).toEqual(facts.sort());
  expect(await numbers()).toEqual(tally);

  const before = await rollups();
  await api("POST", `/projects/${project.id}/rebuild`, {});
  await settle();
  expect(await rollups()).toEqual(before);
  return taken;
}

beforeAll(() => {
  buildIfStale();
});
afterAll(async () => {
  await victim?.kill().catch(() => {});
  rmSync(state, { recursive: true, force: true });
});

it(`survives ${KILLS} kills`, { timeout: 300_000 }, async () => {
  victim = await makeVictim(state)();
  const account = { email: "ada@example.com", password: "correct horse battery staple" };
  token = (await api<{ access_token: string }>("POST", "/auth/register", account)).access_token;
  project = await api("POST", "/projects", { name: "Kill", timezone: noonZone(NOW) });

  const acknowledged = new Set<Batch>();
  const waiting: Batch[] = [];
  let lastAccepted: Batch[] = [];
  let lost = 0;
  // DuckDB cannot read a lake without files.
  const [first] = batches.filter(({ facts }) => facts.length > 0);
  if (first) await sendBatch(victim.url, project.api_key, first);
  await expect.poll(async () => (await appliedKeys()).length, patience).toBe(1);
  const share = Math.ceil(batches.length / KILLS);
  for (let kill = 0; kill < KILLS; kill++) {
    waiting.push(...batches.slice(kill * share, (kill + 1) * share));
    const startNext = makeVictim(state);
    await sendUntilKilled(waiting, acknowledged, 100 + random.int(MOMENTS_MS));
    victim = await startNext();
    const taken = new Set(await check());
    expect(lastAccepted.filter((batch) => !taken.has(batch))).toEqual([]);
    lastAccepted = [...taken];
    lost += [...acknowledged].filter((batch) => !taken.has(batch)).length;
  }
  // With many kills, some come while acknowledged events are still in the queue's memory.
  if (KILLS >= 20) expect(lost).toBeGreaterThan(0);
  expect(lastAccepted.length).toBeGreaterThan(0);
  for (const batch of batches) {
    const response = await sendBatch(victim.url, project.api_key, batch);
    expect(response.status).toBe(202);
  }
  await expect.poll(async () => (await appliedKeys()).length, patience).toBe(batches.length);
  expect((await check()).length).toBe(batches.length);
});
