import { createExecutionContext, createMessageBatch, getQueueResult } from "cloudflare:test";
import { env } from "cloudflare:workers";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Message } from "../../../../schema/wire/message";
import { MINUTE_MS } from "../../../../worker/lib/time";
import { listDeadLetters } from "../../../../worker/pipeline/commits";
import { deriveMarked, foldAll } from "../../../../worker/pipeline/fold";
import { liveSegments, readRows } from "../../../../worker/pipeline/lake";
import { commit, consume, consumeDeadLetters } from "../../../../worker/pipeline/queue";
import { split } from "../../../../worker/pipeline/queue/split";
import { LAKE } from "../../../support/lake";
import { makeRow } from "../../../support/make-row";
import { addProject, derivedState, messageOf } from "../../../support/pipeline";

const NOW = Date.parse("2026-11-20T15:20:00Z");
const stores = { db: env.SHARD_0, lake: LAKE };
const quiet = { ...stores, wake: async () => {}, push: async () => {} };
let projects = 0;

function batchOf(bodies: unknown[], attempts = 1, queue = "selvedge-events") {
  const messages = bodies.map((body, i) => ({
    id: `delivery-${i}-${JSON.stringify(body).length}`,
    timestamp: new Date(NOW),
    attempts,
    body,
  }));
  return createMessageBatch(queue, messages);
}

async function deliver(bodies: unknown[], attempts = 1) {
  const batch = batchOf(bodies, attempts);
  await consume(batch.messages.flatMap(split), quiet, NOW);
  return await getQueueResult(batch, createExecutionContext());
}

async function eventIds(project: string): Promise<string[]> {
  const ids: string[] = [];
  for (const segment of await liveSegments(env.SHARD_0, "events", { project })) {
    for (const row of await readRows(LAKE, segment, { dataset: "events", project })) ids.push(row.event_id);
  }
  return ids.sort();
}

function message(project: string, key: string, ids: string[]): Message {
  const rows = ids.map((id, i) =>
    makeRow({ project_id: project, event_id: id, timestamp: NOW - i * MINUTE_MS }),
  );
  return messageOf(key, rows, NOW);
}

describe("a delivery", () => {
  it("is acknowledged once it is in the lake, and changes nothing when it is delivered again", async () => {
    await addProject("again");
    const body = message("again", "k", ["a", "b"]);
    expect((await deliver([body])).explicitAcks).toHaveLength(1);
    expect((await deliver([body])).explicitAcks).toHaveLength(1);
    expect(await eventIds("again")).toEqual(["a", "b"]);
  });

  it("whose key was used with other content is parked, all parts of its request; the first content counts", async () => {
    await addProject("reused");
    const of = (key: string, content: string, ids: string[]) => ({
      ...message("reused", "k", ids),
      key: `reused/k/${key}`,
      content,
    });
    const other = [of("0", "other", ["c"]), of("1", "other", ["longer"])];
    await deliver([of("0", "first", ["a"]), other[0]]);
    expect((await deliver([...other, of("1", "first", ["b"])])).explicitAcks).toHaveLength(3);
    expect(await eventIds("reused")).toEqual(["a", "b"]);
    const letters = await listDeadLetters(env.SHARD_0, "reused", 10, null);
    expect(letters.map(({ key }) => key).sort()).toEqual(["reused/k/0", "reused/k/0", "reused/k/1"]);
    expect(letters[0]?.reason).toContain("the idempotency key was used with other content");
  });

  it("is retried when storage fails, and nothing of it is applied", async () => {
    await addProject("outage");
    const failing = {
      ...quiet,
      lake: { put: () => Promise.reject(new Error("R2 is away")) } as unknown as R2Bucket,
    };
    const batch = batchOf([message("outage", "k", ["a"])]);
    await consume(batch.messages, failing, NOW);
    const { explicitAcks, retryMessages } = await getQueueResult(batch, createExecutionContext());
    expect(explicitAcks).toEqual([]);
    expect(retryMessages).toHaveLength(1);
    expect(await eventIds("outage")).toEqual([]);
  });

  it("of the dead-letter queue is stored, unless its messages were applied after all", async () => {
    await addProject("dead");
    await commit(stores, [message("dead", "applied", ["a"])], NOW);
    await consumeDeadLetters(
      batchOf([message("dead", "applied", ["a"]), message("dead", "lost", ["b"])], 101, "dead").messages,
      stores,
      NOW,
    );
    const letters = await listDeadLetters(env.SHARD_0, "dead", 10, null);
    expect(letters.map((letter) => letter.key)).toEqual(["dead/lost/0"]);
  });
});

describe("a delivery of several requests", () => {
  const row = (project: string, event_id: string) =>
    makeRow({ project_id: project, event_id, timestamp: NOW });

  it("is acknowledged once all are in the lake, each in its project", async () => {
    await addProject("shared-a");
    await addProject("shared-b");
    const messages = [message("shared-a", "k", ["a"]), message("shared-b", "k", ["b", "c"])];
    expect((await deliver([{ messages }])).explicitAcks).toHaveLength(1);
    expect((await deliver([{ messages }])).explicitAcks).toHaveLength(1);
    expect([await eventIds("shared-a"), await eventIds("shared-b")]).toEqual([["a"], ["b", "c"]]);
  });

  it("loses nothing to one that can never be applied: that one is parked", async () => {
    await addProject("innocent");
    const poison = { ...messageOf("k", [row("poison", "x")], NOW), contexts: [] };
    const body = { messages: [message("innocent", "k1", ["a"]), poison, message("innocent", "k2", ["b"])] };
    expect((await deliver([body], 3)).retryMessages).toHaveLength(1);
    expect(await eventIds("innocent")).toEqual(["a", "b"]);
    expect((await deliver([body], 10)).explicitAcks).toHaveLength(1);
    expect(await eventIds("innocent")).toEqual(["a", "b"]);
    expect(await listDeadLetters(env.SHARD_0, "poison", 10, null)).toMatchObject([{ key: "poison/k/0" }]);
    expect(await listDeadLetters(env.SHARD_0, "innocent", 10, null)).toEqual([]);
  });

  it("with one that cannot be read yet comes again, and the others count once", async () => {
    await addProject("skewed");
    const body = { messages: [message("skewed", "k", ["a"]), { version: 1e6, project_id: "skewed" }] };
    for (const attempts of [1, 2]) expect((await deliver([body], attempts)).retryMessages).toHaveLength(1);
    expect(await eventIds("skewed")).toEqual(["a"]);
  });
});

describe("exactly once", () => {
  it("holds for any redelivery, re-batching and two consumers and folders at once", async () => {
    const schedule = fc.array(
      fc.record({
        batches: fc.tuple(
          fc.array(fc.integer({ min: 0, max: 7 }), { minLength: 1, maxLength: 6 }),
          fc.array(fc.integer({ min: 0, max: 7 }), { maxLength: 6 }),
        ),
        folders: fc.integer({ min: 0, max: 2 }),
      }),
      { minLength: 1, maxLength: 5 },
    );
    await fc.assert(
      fc.asyncProperty(schedule, async (steps) => {
        const project = `once${projects++}`;
        await addProject(project);
        const bodies = Array.from({ length: 8 }, (_, i) => message(project, `m${i}`, [`${i}a`, `${i}b`]));
        for (const { batches, folders } of steps) {
          await Promise.all(
            batches.filter((b) => b.length).map((keys) => deliver(keys.map((k) => bodies[k]))),
          );
          await Promise.allSettled(Array.from({ length: folders }, () => foldAll(stores, 0, NOW)));
        }
        // Messages that a consumer returned are delivered again.
        const seen = [...new Set(steps.flatMap((s) => s.batches.flat()))].sort();
        await deliver(seen.map((k) => bodies[k]));
        await foldAll(stores, 0, NOW);
        await deriveMarked(stores, NOW);
        expect(await eventIds(project)).toEqual(seen.flatMap((k) => [`${k}a`, `${k}b`]));
        const { rollups } = await derivedState(project);
        expect(rollups["day 2026-11-20T00:00:00.000Z  null"]).toMatchObject({ events: seen.length * 2 });
      }),
      { numRuns: 30 },
    );
  }, 120_000);
});
