/** What a round of the folder may call: D1 permits a thousand queries of an invocation. */
import { runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeAll, expect, it } from "vitest";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "../../../../worker/lib/time";
import { changeTimeZone } from "../../../../worker/pipeline/fold";
import { commit } from "../../../../worker/pipeline/queue";
import { LAKE } from "../../../support/lake";
import { takeInvocations } from "../../../support/limits/invocation";
import { makeRow } from "../../../support/make-row";
import { messageOf } from "../../../support/pipeline";

const PROJECTS = 200;
const stores = { db: env.SHARD_0, lake: LAKE };
const names = Array.from({ length: PROJECTS }, (_, i) => `many-${String(i).padStart(3, "0")}`);
const folder = env.FOLDER.get(env.FOLDER.idFromName("invocation"));

beforeAll(async () => {
  await stores.db
    .prepare("INSERT INTO fold_state (project, timezone) SELECT value, 'UTC' FROM json_each(?1)")
    .bind(JSON.stringify(names))
    .run();
});

let sent = 0;
async function send(agesMs: readonly number[]): Promise<void> {
  const now = Date.now();
  for (let at = 0; at < PROJECTS; at += 100) {
    const messages = names.slice(at, at + 100).map((project_id) => {
      const rows = agesMs.map((age) =>
        makeRow({ project_id, event_id: `e${sent++}`, timestamp: now - age, visitor_id: `v${age}` }),
      );
      return messageOf(`m${sent}`, rows, now);
    });
    await commit(stores, messages, now);
  }
}

async function round(): Promise<void> {
  await runInDurableObject(folder, (_, { storage }) => storage.setAlarm(Date.now()));
  await runDurableObjectAlarm(folder);
  const stored = await runInDurableObject(folder, (_, { storage }) => storage.list());
  expect([...stored].filter(([key]) => key.startsWith("failed"))).toEqual([]);
}

/** More rounds than any of these tests needs. */
const MAX_ROUNDS = 100;

/** Rounds until the query counts nothing. */
async function roundsUntilNone(sql: string): Promise<number> {
  for (let rounds = 0; rounds < MAX_ROUNDS; rounds++) {
    if (!(await stores.db.prepare(sql).first<number>("n"))) return rounds;
    await round();
  }
  throw new Error(`Not done after ${MAX_ROUNDS} rounds: ${sql}`);
}

it("200 projects with events, late ones and sessions to seal are done in a few rounds, none of which fails", async () => {
  await send([MINUTE_MS, 5 * HOUR_MS, 30 * HOUR_MS, 40 * DAY_MS]);
  takeInvocations();
  const folding = await roundsUntilNone("SELECT count(*) AS n FROM fold_state WHERE seq = 0");
  const deriving = await roundsUntilNone("SELECT count(*) AS n FROM dirty_days");
  const sealing = await roundsUntilNone(
    `SELECT count(*) AS n FROM fold_state WHERE sealed_until < ${Date.now() - 2 * DAY_MS}`,
  );
  const calls = takeInvocations();
  expect(folding).toBe(1);
  expect(deriving).toBeLessThanOrEqual(10);
  expect(sealing).toBe(0);
  expect(Math.max(...calls.map(({ queries }) => queries))).toBeLessThan(1000);
}, 120_000);

it("200 projects change their time zone in a few rounds, none of which fails", async () => {
  const now = Date.now();
  for (const name of names) await changeTimeZone(stores.db, name, "Asia/Kolkata", now);
  takeInvocations();
  const changing = await roundsUntilNone(
    "SELECT count(*) AS n FROM fold_state WHERE next_timezone IS NOT NULL",
  );
  const calls = takeInvocations();
  expect(changing).toBeLessThanOrEqual(20);
  expect(Math.max(...calls.map(({ queries }) => queries))).toBeLessThan(1000);
}, 120_000);

it("an event of 1970 makes a change of 20,000 days", async () => {
  await stores.db.prepare("INSERT INTO fold_state (project, timezone) VALUES ('old', 'UTC')").run();
  const now = Date.now();
  const rows = [DAY_MS, now - MINUTE_MS].map((timestamp) =>
    makeRow({ project_id: "old", event_id: `e${sent++}`, timestamp, visitor_id: "v" }),
  );
  await commit(stores, [messageOf(`m${sent}`, rows, now)], now);
  await roundsUntilNone("SELECT count(*) AS n FROM fold_state WHERE project = 'old' AND seq = 0");
  await changeTimeZone(stores.db, "old", "Asia/Kolkata", now);
  takeInvocations();
  const changing = await roundsUntilNone(
    "SELECT count(*) AS n FROM fold_state WHERE next_timezone IS NOT NULL",
  );
  const calls = takeInvocations();
  expect(changing).toBeLessThanOrEqual(60);
  expect(Math.max(...calls.map(({ queries }) => queries))).toBeLessThan(1000);
}, 120_000);
