import { env } from "cloudflare:workers";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Identity } from "../../../../demo/cli/import/identity";
import type { Message } from "../../../../schema/wire/message";
import type { EventRow } from "../../../../schema/wire/row";
import { HOUR_MS, MINUTE_MS } from "../../../../worker/lib/time";
import { deriveMarked, foldAll, merge, rebuild } from "../../../../worker/pipeline/fold";
import { IdCache } from "../../../../worker/pipeline/fold/id-cache";
import { OpenCache } from "../../../../worker/pipeline/fold/open-cache";
import { accept, importContext, NO_SENDER, requestKeyOf } from "../../../../worker/pipeline/ingest";
import { liveSegments, readRows } from "../../../../worker/pipeline/lake";
import { commit } from "../../../../worker/pipeline/queue";
import { makeAccount } from "../../../support/client";
import { failingStores } from "../../../support/failing-storage";
import { LAKE } from "../../../support/lake";
import { makeProject } from "../../../support/make-event";
import { addProject, derivedState } from "../../../support/pipeline";
import { recordingQueue } from "../../../support/recording-queue";

const NOW = Date.parse("2026-11-20T15:20:00Z");
const plain = { db: env.SHARD_0, lake: LAKE };
let projects = 0;

/** Messages of a request; public senders and imports state no context here, so that their rows are equal. */
function messagesOf(project: string, events: unknown[], isImport: boolean, now = NOW): Message[] {
  const sender = isImport ? null : NO_SENDER;
  const contextOf = importContext("secret", project, "UTC");
  const key = requestKeyOf({ header: null, batch_id: undefined, events, now });
  return accept({ events, key, sender, contextOf, project: makeProject({ id: project }), now }).messages;
}

async function lakeRows(project: string): Promise<EventRow[]> {
  const rows: EventRow[] = [];
  for (const segment of await liveSegments(plain.db, "events", { project }))
    rows.push(...(await readRows(plain.lake, segment, { dataset: "events", project })));
  return rows;
}

const lakeIds = async (project: string) => (await lakeRows(project)).map(({ event_id }) => event_id).sort();

async function countOf(project: string): Promise<number> {
  const { rollups } = await derivedState(project);
  return Object.entries(rollups)
    .filter(([name]) => /^day .* {2}null$/.test(name))
    .reduce((sum, [, cell]) => sum + ((cell as { events?: number }).events ?? 0), 0);
}

describe("a project whose senders choose no ids", () => {
  it("is derived without comparing ids, until one is chosen", async () => {
    const { call, token } = await makeAccount();
    const { data: project } = await call("POST", "/api/v1/projects", { token, body: { name: "No ids" } });
    const { queue, messages } = recordingQueue();
    const send = async (ids: Record<string, string>) => {
      const headers = { "x-api-key": project.api_key };
      const body = { events: [{ event: "order", ...ids }] };
      await call("POST", "/api/v1/events/ingest", { headers, body, bindings: { ...env, EVENTS: queue } });
      await commit(plain, messages.splice(0), Date.now());
      await foldAll(plain, 0, Date.now());
      return plain.db.prepare("SELECT own_ids FROM fold_state WHERE project = ?1").bind(project.id).first();
    };
    expect(await send({})).toEqual({ own_ids: 0 });
    expect(await send({ event_id: "A" })).toEqual({ own_ids: 1 });
    expect(await send({})).toEqual({ own_ids: 1 });
  });
});

describe("events that are sent again in other requests", () => {
  it("count once in rollups, lists and sums of the lake", async () => {
    const account = await makeAccount();
    const { token } = account;
    const { data: project } = await account.call("POST", "/api/v1/projects", {
      token,
      body: { name: "Shop" },
    });
    const now = Date.now();
    const { queue, messages: sent } = recordingQueue();
    const order = (event_id: string) => ({ event: "order", event_id, properties: { amount: 10 } });
    for (const ids of [
      ["A", "B"],
      ["B", "C"],
      ["A", "B"],
    ]) {
      const answer = await account.call("POST", "/api/v1/events/ingest", {
        headers: { "x-api-key": project.api_key },
        body: { events: ids.map(order) },
        bindings: { ...env, EVENTS: queue },
      });
      expect(answer.data).toEqual({ accepted: 2, rejected: [] });
    }
    for (const message of sent) await commit(plain, [message], now);
    await foldAll(plain, 0, now);
    const ask = (body: object) => account.call("POST", `/api/v1/query/${project.id}`, { token, body });
    const range = "7d";
    const counted = await ask({ dataset: "events", metrics: ["events"], range });
    expect(counted.data).toMatchObject({ rows: [[3]], meta: { source: "rollup" } });
    const total = {
      kind: "aggregate",
      dataset: "events",
      aggregation: "sum",
      field: "property:amount",
    };
    const summed = await ask({ metrics: ["metric:total"], define: { total }, range });
    expect(summed.data).toMatchObject({ rows: [[30]], meta: { source: "lake" } });
    const list = await account.call("GET", `/api/v1/analytics/${project.id}/events?from=${range}`, { token });
    expect(list.data.data.map((event: { event_id: string }) => event.event_id).sort()).toEqual([
      "A",
      "B",
      "C",
    ]);
  });

  it("are those of a sender with a token, whenever a public sender has used their ids", async () => {
    await addProject("trusted");
    const order = (id: string, amount: number) => ({
      event: "order",
      event_id: id,
      timestamp: NOW,
      properties: { amount },
    });
    await commit(plain, messagesOf("trusted", [order("before", 1)], false), NOW);
    await foldAll(plain, 0, NOW);
    await commit(plain, messagesOf("trusted", [order("before", 10), order("after", 10)], true), NOW);
    await foldAll(plain, 0, NOW);
    await commit(plain, messagesOf("trusted", [order("after", 1)], false), NOW);
    await foldAll(plain, 0, NOW);
    expect(await countOf("trusted")).toBe(2);
    await deriveMarked(plain, NOW);
    expect(await countOf("trusted")).toBe(2);
    const rows = await lakeRows("trusted");
    expect(rows.map(({ sender, properties }) => [sender, properties])).toEqual([
      ["token", '{"amount":10}'],
      ["token", '{"amount":10}'],
    ]);
  });

  it("count once when a file is imported again after it grew", async () => {
    await addProject("grown");
    const identity = new Identity();
    const lines = Array.from({ length: 900 }, (_, i) => {
      const timestamp = NOW - (900 - i) * 20 * MINUTE_MS;
      return { event: "page_view", event_id: identity.of(`line ${i >> 1}`, timestamp), timestamp };
    });
    for (const file of [lines.slice(0, 700), lines]) {
      for (let at = 0; at < file.length; at += 500)
        await commit(plain, messagesOf("grown", file.slice(at, at + 500), true), NOW);
      await foldAll(plain, 0, NOW);
      await deriveMarked(plain, NOW);
      expect(await countOf("grown")).toBe(file.length);
    }
    expect(await lakeIds("grown")).toHaveLength(900);
  });

  it("count once in the project and day: an id may return on another day", async () => {
    await addProject("days");
    const event = (ageMs: number) => ({ event: "visit", event_id: "same", timestamp: NOW - ageMs });
    await commit(plain, messagesOf("days", [event(0), event(HOUR_MS), event(24 * HOUR_MS)], true), NOW);
    await foldAll(plain, 0, NOW);
    await deriveMarked(plain, NOW);
    expect(await lakeIds("days")).toEqual(["same", "same"]);
    expect(await countOf("days")).toBe(2);
  });

  it("are left to the derivation when a day has more events than can be compared at once", async () => {
    await addProject("large");
    const stores = { ...plain, ids: new IdCache() };
    const event = { event: "visit", event_id: "same", timestamp: NOW };
    const day = Date.parse("2026-11-20T00:00:00Z");
    for (let i = 0; i < 2; i++) {
      const state = { project: "large", seq: 0, epoch: 0 } as Parameters<IdCache["put"]>[0];
      const { results } = await plain.db.prepare("SELECT * FROM fold_state WHERE project = 'large'").all();
      stores.ids.put({ ...state, ...results[0] }, new Map([[day, null]]));
      await commit(plain, messagesOf("large", [{ ...event, properties: { i } }], true), NOW + i);
      await foldAll(stores, 0, NOW);
    }
    expect(await countOf("large")).toBe(2);
    await deriveMarked(plain, NOW);
    expect(await countOf("large")).toBe(1);
    expect(await lakeIds("large")).toEqual(["same"]);
  });
});

describe("any overlap of requests and imports", () => {
  const EVENTS = 14;
  const event = fc.record({
    minutes: fc.oneof(fc.integer({ min: 0, max: 110 }), fc.integer({ min: 0, max: 60 * 60 })),
    who: fc.integer({ min: 0, max: 2 }),
    name: fc.constantFrom("page_view", "click", "$identify", "$engagement"),
    path: fc.constantFrom("/", "/a"),
  });
  const request = fc.record({
    events: fc.array(fc.integer({ min: 0, max: EVENTS - 1 }), { minLength: 1, maxLength: 8 }),
    isImport: fc.boolean(),
    /** Commits the messages with those of the next request. */
    isHeld: fc.boolean(),
    next: fc.constantFrom("nothing", "fold", "derive", "merge"),
  });
  const failure = fc.record({
    at: fc.integer({ min: 0, max: 120 }),
    when: fc.constantFrom("before" as const, "after" as const),
  });

  it("counts each event once in rollups, sessions and the lake, and the same after a rebuild", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(event, { minLength: EVENTS, maxLength: EVENTS }),
        fc.array(request, { minLength: 1, maxLength: 12 }),
        fc.constantFrom("UTC", "Asia/Kolkata"),
        failure,
        async (drafts, requests, zone, fails) => {
          const [project, once] = [`r${projects}`, `once${projects++}`];
          await addProject(project, zone);
          await addProject(once, zone);
          const raw = drafts.map(({ minutes, who, name, path }, i) => ({
            event: name,
            event_id: `e${i}`,
            timestamp: NOW - minutes * MINUTE_MS,
            distinct_id: `person-${who}`,
            page_url: `https://shop.example${path}`,
            properties: name === "$engagement" ? { engaged_ms: 12_000 } : {},
          }));
          const { stores: failing } = failingStores(plain.db, plain.lake, fails);
          const stores = { ...failing, open: new OpenCache(), ids: new IdCache() };
          let held: Message[] = [];
          for (const [i, { events, isImport, isHeld, next }] of requests.entries()) {
            const sent = events.map((at) => raw[at]);
            held.push(...messagesOf(project, sent, isImport, NOW + i));
            if (isHeld && i < requests.length - 1) continue;
            await again(() => commit(stores, held, NOW));
            held = [];
            if (next === "nothing") continue;
            const { until } = await again(() => foldAll(stores, 0, NOW));
            if (next === "derive") await again(() => deriveMarked(stores, NOW));
            if (next === "merge") await again(() => merge(stores, until, NOW));
          }
          await again(() => foldAll(stores, 0, NOW));
          await again(() => deriveMarked(stores, NOW));
          await again(() => deriveMarked(stores, NOW));

          const unique = [...new Set(requests.flatMap(({ events }) => events))].sort((a, b) => a - b);
          const first = unique.map((at) => raw[at]);
          await commit(plain, messagesOf(once, first, true), NOW);
          await foldAll(plain, 0, NOW);
          await deriveMarked(plain, NOW);
          const expected = await derivedState(once);
          expect(await lakeIds(project)).toEqual(first.map((e) => e?.event_id).sort());
          expect(await derivedState(project)).toEqual(expected);
          await rebuild(plain.db, project, { from: 0, to: NOW + HOUR_MS }, NOW);
          await deriveMarked(plain, NOW);
          expect(await derivedState(project)).toEqual(expected);
        },
      ),
      { numRuns: 30 },
    );
  }, 240_000);
});

async function again<T>(step: () => Promise<T>): Promise<T> {
  try {
    return await step();
  } catch {
    return await step();
  }
}
