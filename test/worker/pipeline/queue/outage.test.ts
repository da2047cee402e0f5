/** Deliveries while storage is down, messages that cannot be applied, and messages of other versions of the Worker. */
import { createExecutionContext, createMessageBatch, getQueueResult } from "cloudflare:test";
import { env } from "cloudflare:workers";
import fc from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";
import { MESSAGE_VERSION, type Message, messageSchema } from "../../../../schema/wire/message";
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from "../../../../worker/lib/time";
import { listDeadLetters, listMissing } from "../../../../worker/pipeline/commits";
import { liveSegments, readRows } from "../../../../worker/pipeline/lake";
import { commit, consume, consumeDeadLetters } from "../../../../worker/pipeline/queue";
import { retryDelaySeconds } from "../../../../worker/pipeline/queue/backoff";
import { unstableStores } from "../../../support/failing-storage";
import { LAKE } from "../../../support/lake";
import { makeRow } from "../../../support/make-row";
import { addProject, messageOf } from "../../../support/pipeline";

const NOW = Date.parse("2026-11-20T15:20:00Z");
/** Queues › Limits: the longest retention of a message. */
const RETENTION_S = (14 * DAY_MS) / SECOND_MS;
const plain = { db: env.SHARD_0, lake: LAKE };
let count = 0;
let project = "";

beforeEach(async () => {
  project = `outage${count++}`;
  await addProject(project);
});

function message(key: string): Message {
  const rows = [makeRow({ project_id: project, event_id: key, timestamp: NOW - MINUTE_MS })];
  return messageOf(key, rows, NOW);
}

/** A message that is well-formed and cannot be applied. */
function poison(key: string): Message {
  const whole = message(key);
  return { ...whole, contexts: [] };
}

async function deliver(bodies: unknown[], attempts: number, stores = plain) {
  const messages = bodies.map((body, i) => ({
    id: `${project}-${i}-${JSON.stringify(body).length}`,
    timestamp: new Date(NOW),
    attempts,
    body,
  }));
  const batch = createMessageBatch("selvedge-events", messages);
  await consume(batch.messages, { ...stores, wake: async () => {}, push: async () => {} }, NOW);
  const { explicitAcks, retryMessages } = await getQueueResult(batch, createExecutionContext());
  return { acked: explicitAcks.length, retried: retryMessages.length };
}

async function eventIds(): Promise<string[]> {
  const ids: string[] = [];
  for (const segment of await liveSegments(plain.db, "events", { project }))
    for (const row of await readRows(plain.lake, segment, { dataset: "events", project }))
      ids.push(row.event_id);
  return ids.sort();
}

const letters = () => listDeadLetters(plain.db, project, 100, null);
const keys = (n: number) => Array.from({ length: n }, (_, i) => `m${String(i).padStart(3, "0")}`);

describe("the wait between deliveries", () => {
  it("lets a hundred deliveries outlast the longest retention, whatever the jitter", () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 0.999, noNaN: true }), (random) => {
        const delays = Array.from({ length: 99 }, (_, i) => retryDelaySeconds(i + 1, () => random));
        expect(delays.reduce((sum, delay) => sum + delay)).toBeGreaterThan(RETENTION_S);
        // Queues › Limits: delaySeconds is at most 24 hours.
        expect(Math.max(...delays)).toBeLessThanOrEqual((24 * HOUR_MS) / SECOND_MS);
      }),
    );
  });

  it("is at most as long again as the outage has lasted", () => {
    let waited = 0;
    for (let attempts = 1; attempts <= 30; attempts++) {
      const delay = retryDelaySeconds(attempts, () => 0);
      expect(delay).toBeLessThanOrEqual(waited + 2);
      waited += delay;
    }
  });
});

describe("an outage", () => {
  for (const store of ["db", "lake"] as const) {
    it(`of ${store === "db" ? "D1" : "R2"} loses nothing and is recovered from in one commit`, async () => {
      const { stores, down, made } = unstableStores(plain.db, plain.lake);
      await deliver([message("before")], 1, stores);
      const bodies = keys(100).map(message);
      down[store] = true;
      for (const attempts of [1, 2, 3, 5, 10, 20, 40, 99])
        expect(await deliver(bodies, attempts, stores)).toEqual({ acked: 0, retried: 100 });
      down[store] = false;
      await listMissing(stores, NOW);
      expect(await letters()).toEqual([]);
      made.batches = made.puts = 0;
      expect(await deliver(bodies, 41, stores)).toEqual({ acked: 100, retried: 0 });
      expect(await eventIds()).toEqual(["before", ...keys(100)]);
      // What a first delivery takes: the tables of keys, reading keys, committing; one segment.
      expect(made.batches).toBeLessThanOrEqual(3);
      expect(made.puts).toBe(1);
    }, 60_000);
  }

  it("costs a bounded number of attempts a delivery", async () => {
    const { stores, down, made } = unstableStores(plain.db, plain.lake);
    down.lake = true;
    // A batch for each of the 12 attempts, and one that creates the tables of keys.
    await deliver(keys(100).map(message), 20, stores);
    expect(made.batches).toBeLessThanOrEqual(13);
  });
});

describe("a message that cannot be applied", () => {
  it("is found by halving: the others are committed, together", async () => {
    const { stores, made } = unstableStores(plain.db, plain.lake);
    const bodies = [...keys(40).map(message), poison("bad"), ...keys(99).slice(40).map(message)];
    expect(await deliver(bodies, 1, stores)).toEqual({ acked: 0, retried: 100 });
    made.batches = 0;
    expect(await deliver(bodies, 3, stores)).toEqual({ acked: 99, retried: 1 });
    expect(await eventIds()).toEqual(keys(99));
    expect(made.batches).toBeLessThan(40);
  });

  it("is parked with its reason after a quarter of an hour, in R2 and D1", async () => {
    expect(await deliver([poison("bad")], 9)).toEqual({ acked: 0, retried: 1 });
    expect(await deliver([poison("bad")], 10)).toEqual({ acked: 1, retried: 0 });
    expect(await letters()).toMatchObject([
      { key: `${project}/bad/0`, attempts: 10, reason: expect.stringContaining("context 0") },
    ]);
    const { objects } = await plain.lake.list({ prefix: `dead-letters/v1/${project}/` });
    expect(objects).toHaveLength(1);
  });

  it("waits when it cannot be parked", async () => {
    const { stores, down } = unstableStores(plain.db, plain.lake);
    down.lake = true;
    expect(await deliver([poison("bad")], 50, stores)).toEqual({ acked: 0, retried: 1 });
  });
});

describe("a message that cannot be read", () => {
  it("waits while a newer Worker may be deploying, then is parked alone", async () => {
    const newer = { ...message("newer"), version: MESSAGE_VERSION + 1 };
    const malformed = { ...message("odd"), received_at: "soon" };
    expect(await deliver([message("good"), newer, malformed], 1)).toEqual({ acked: 1, retried: 2 });
    expect(await deliver([newer, malformed], 11)).toEqual({ acked: 0, retried: 2 });
    expect(await deliver([newer, malformed], 12)).toEqual({ acked: 2, retried: 0 });
    expect((await letters()).map(({ reason }) => reason).sort()).toEqual([
      expect.stringContaining("received_at"),
      expect.stringContaining("version"),
    ]);
    expect(await eventIds()).toEqual(["good"]);
  });
});

describe("versions of messages", () => {
  /** A message of each version, as it was sent. */
  const sent = Object.values(
    import.meta.glob<Message>("../../../support/messages/v*.json", { eager: true, import: "default" }),
  );

  it.each(sent)("$version is still applied", async (body) => {
    await commit(
      plain,
      [messageSchema.parse({ ...body, project_id: project, key: `${project}/old/0` })],
      NOW,
    );
    expect(await eventIds()).toEqual(body.events.map(({ event_id }) => event_id).sort());
  });

  it("rise with every field: an older consumer would drop a field that it does not know", () => {
    const newest = sent.find(({ version }) => version === MESSAGE_VERSION);
    const fields = (value: object | undefined) => Object.keys(value ?? {}).sort();
    const current = messageSchema.parse(message("now"));
    expect(fields(newest)).toEqual(fields(current));
    expect(fields(newest?.events[0])).toEqual(fields(current.events[0]));
    expect(fields(newest?.contexts[0])).toEqual(fields(current.contexts[0]));
  });
});

describe("the dead-letter queue", () => {
  const dead = (body: Message, attempts = 1) =>
    createMessageBatch("selvedge-events-dead", [
      { id: `dead-${body.key}`, timestamp: new Date(NOW), attempts, body },
    ]);

  it("stores letters in R2 first: an outage of D1 loses none, and the list follows", async () => {
    const { stores, down } = unstableStores(plain.db, plain.lake);
    down.db = true;
    const batch = dead(message("late"));
    await consumeDeadLetters(batch.messages, stores, NOW);
    const { retryMessages } = await getQueueResult(batch, createExecutionContext());
    expect(retryMessages).toHaveLength(1);
    down.db = false;
    expect(await listMissing(stores, NOW)).toBe(1);
    expect(await listMissing(stores, NOW)).toBe(0);
    expect(await letters()).toMatchObject([{ key: `${project}/late/0` }]);
  });

  it("forgets a letter that only R2 has when its message was applied or its project is gone", async () => {
    const { stores, down } = unstableStores(plain.db, plain.lake);
    down.db = true;
    await consumeDeadLetters(dead(message("applied")).messages, stores, NOW);
    await consumeDeadLetters(
      dead({ ...message("gone"), project_id: "nowhere", key: "nowhere/gone/0" }).messages,
      stores,
      NOW,
    );
    down.db = false;
    await commit(plain, [message("applied")], NOW);
    expect(await listMissing(stores, NOW)).toBe(0);
    expect((await plain.lake.list({ prefix: `dead-letters/v1/${project}/` })).objects).toEqual([]);
    expect((await plain.lake.list({ prefix: "dead-letters/v1/nowhere/" })).objects).toEqual([]);
  });
});
