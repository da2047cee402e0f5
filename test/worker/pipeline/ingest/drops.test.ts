import { env } from "cloudflare:workers";
import { ulid } from "ulid";
import { beforeEach, describe, expect, test } from "vitest";
import type { Message } from "../../../../schema/wire/message";
import { foldAll } from "../../../../worker/pipeline/fold/run";
import { accept, edgeContext } from "../../../../worker/pipeline/ingest";
import { liveSegments, mergeStep, readRows } from "../../../../worker/pipeline/lake";
import { commit } from "../../../../worker/pipeline/queue/commit";
import { makeAccount } from "../../../support/client";
import { LAKE } from "../../../support/lake";
import { makeEvent, makeProject, makeSender } from "../../../support/make-event";
import { recordingQueue } from "../../../support/recording-queue";

const stores = { db: env.SHARD_0, lake: LAKE };
const BOT = "Mozilla/5.0 (compatible; Googlebot/2.1)";
const DAY = 86_400_000;

let account: Awaited<ReturnType<typeof makeAccount>>;
let project: { id: string };
beforeEach(async () => {
  account = await makeAccount();
  const { data } = await account.call("POST", "/api/v1/projects", {
    token: account.token,
    body: { name: "Shop" },
  });
  project = data;
});

function messagesOf(events: unknown[], given: Parameters<typeof makeSender>[0] = {}, id = project.id) {
  const now = Date.now();
  const sender = makeSender(given);
  const contextOf = edgeContext(sender, { today: "a", yesterday: "b" }, id, "UTC", now);
  return accept({
    events,
    key: { key: ulid(), content: null },
    sender,
    contextOf,
    project: makeProject({ id }),
    now,
  }).messages;
}

const take = async (messages: Message[]) => void (await commit(stores, messages, Date.now()));
const bots = (...names: string[]) =>
  messagesOf(
    names.map((event) => makeEvent({ event })),
    { user_agent: BOT },
  );

async function rowsIn(dataset: "events" | "dropped", id = project.id) {
  const segments = await liveSegments(env.SHARD_0, dataset, { project: id });
  const rows = await Promise.all(segments.map((each) => readRows(LAKE, each, { dataset, project: id })));
  return rows.flat();
}

/** Bindings whose queue stores its messages, so that the test decides when they arrive. */
function recorder(refuse = false) {
  const { queue, messages } = recordingQueue({ refuse });
  return { messages, bindings: { ...env, EVENTS: queue } };
}

const call = (method: string, path: string, options: { body?: unknown; bindings?: Env } = {}) =>
  account.call(method, `/api/v1/projects/${project.id}/drops${path}`, { token: account.token, ...options });

describe("the list", () => {
  test("counts by reason and day, with what is stored", async () => {
    await take(bots("a", "b"));
    await take(messagesOf([makeEvent({ properties: { $webdriver: true } }), makeEvent(), {}]));
    await take(messagesOf([makeEvent()], { gpc: true }));
    await foldAll(stores, 0, Date.now(), () => false);
    const { status, data } = await call("GET", "");
    expect(status).toBe(200);
    const day = Math.floor(Date.now() / DAY) * DAY;
    expect(data.data).toMatchObject([
      { reason: "bot", count: 2, stored: 2, days: [{ day, count: 2 }] },
      { reason: "webdriver", count: 1, stored: 1, days: [{ day, count: 1 }] },
      { reason: "opt_out", count: 1, stored: 0, days: [{ day, count: 1 }] },
      { reason: "invalid", count: 1, stored: 0, days: [{ day, count: 1 }] },
    ]);
  });

  test("counts the page views of a project whose only traffic comes from a wrong domain", async () => {
    const { data: shop } = await account.call("POST", "/api/v1/projects", {
      token: account.token,
      body: { name: "Shop", domain: "shop.example" },
    });
    const { messages, bindings } = recorder();
    const post = (events: unknown[]) =>
      account.call("POST", "/api/v1/events/ingest", {
        headers: { "x-api-key": shop.api_key, origin: "https://other.example" },
        body: { events },
        bindings,
      });
    expect((await post([makeEvent(), makeEvent()])).status).toBe(403);
    expect((await post([makeEvent()])).status).toBe(403);
    await take(messages);
    const { until } = await foldAll(stores, 0, Date.now());
    const list = () => account.call("GET", `/api/v1/projects/${shop.id}/drops`, { token: account.token });
    expect((await list()).data.data).toMatchObject([{ reason: "origin", count: 3 }]);
    // Folded once: a fold of the same commits again changes nothing.
    await foldAll(stores, 0, Date.now());
    await foldAll(stores, until, Date.now());
    expect((await list()).data.data).toMatchObject([{ reason: "origin", count: 3 }]);
  });

  test("is empty at first, and another tenant's is not found", async () => {
    expect((await call("GET", "")).data).toEqual({ data: [] });
    const otherAccount = await makeAccount();
    for (const [method, path] of [
      ["GET", ""],
      ["GET", "/events"],
      ["POST", "/restore"],
    ] as const) {
      const url = `/api/v1/projects/${project.id}/drops${path}`;
      const body = method === "POST" ? { reason: "bot" } : undefined;
      expect((await otherAccount.call(method, url, { token: otherAccount.token, body })).status).toBe(404);
    }
  });
});

describe("the events", () => {
  test("are listed newest first, page by page, without hashes", async () => {
    const now = Date.now();
    const events = Array.from({ length: 7 }, (_, n) =>
      makeEvent({ event: `e${n}`, timestamp: now - (n % 3) * 1000 }),
    );
    await take(messagesOf(events.slice(0, 4), { user_agent: BOT }));
    await take(messagesOf(events.slice(4), { user_agent: BOT }));
    await take(messagesOf([makeEvent({ event: "other", referrer: "https://semalt.com" })]));
    const names: string[] = [];
    const times: number[] = [];
    let cursor: string | null = "";
    while (cursor !== null) {
      const { data } = await call("GET", `/events?reason=bot&limit=3${cursor && `&cursor=${cursor}`}`);
      names.push(...data.data.map((event: { event_name: string }) => event.event_name));
      times.push(...data.data.map((event: { timestamp: number }) => event.timestamp));
      expect(Object.keys(data.data[0])).not.toContain("ip_hash");
      cursor = data.next_cursor;
    }
    expect(names.toSorted()).toEqual(["e0", "e1", "e2", "e3", "e4", "e5", "e6"]);
    expect(times).toEqual(times.toSorted((a, b) => b - a));
    expect((await call("GET", "/events")).data.data).toHaveLength(8);
  });

  test("an invalid cursor is refused", async () => {
    for (const cursor of ["x", btoa("[1]"), btoa('["a","b"]')]) {
      const { status, data } = await call("GET", `/events?cursor=${cursor}`);
      expect({ status, path: data.errors[0].path }).toEqual({ status: 400, path: "cursor" });
    }
  });
});

describe("restore", () => {
  const restore = (body: object, bindings: Env) => call("POST", "/restore", { body, bindings });

  test("restores events unchanged, once, and removes them from the list", async () => {
    await take(bots("a", "b"));
    await take(messagesOf([makeEvent({ event: "excluded", referrer: "https://semalt.com" })]));
    const before = await rowsIn("dropped");
    const { messages, bindings } = recorder();
    const first = await restore({ reason: "bot" }, bindings);
    expect({ status: first.status, data: first.data }).toEqual({
      status: 202,
      data: { restored: 2, more: false },
    });
    expect((await restore({ reason: "bot" }, bindings)).data).toEqual({ restored: 0, more: false });
    await take(messages);
    const rows = await rowsIn("events");
    const wanted = before.filter((row) => row.drop_reason === "bot");
    const clean = (row: object) => ({ ...row, drop_reason: null, received_at: 0 });
    expect(rows.map(clean).toSorted(byId)).toEqual(wanted.map(clean).toSorted(byId));
    expect((await rowsIn("dropped")).map((row) => row.event_name)).toEqual(["excluded"]);
  });
  const byId = (a: object, b: object) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1);

  test("another project's events in the same segment are unaffected", async () => {
    const other = ulid();
    await take([
      ...bots("mine"),
      ...messagesOf([makeEvent({ event: "theirs" })], { user_agent: BOT }, other),
    ]);
    const { bindings } = recorder();
    expect((await restore({ reason: "bot" }, bindings)).data.restored).toBe(1);
    expect((await rowsIn("dropped", other)).map((row) => row.event_name)).toEqual(["theirs"]);
  });

  test("is limited to the range, by the event's time", async () => {
    const now = Date.now();
    const at = (ago: number) => makeEvent({ event: `${ago}`, timestamp: now - ago });
    await take(messagesOf([at(0), at(1000), at(2000)], { user_agent: BOT }));
    const { messages, bindings } = recorder();
    const iso = (ago: number) => new Date(now - ago).toISOString();
    expect((await restore({ reason: "bot", from: iso(1000), to: iso(0) }, bindings)).data.restored).toBe(1);
    expect(messages.flatMap(({ events }) => events.map((event) => event.event_name))).toEqual(["1000"]);
    expect(await rowsIn("dropped")).toHaveLength(2);
  });

  test("interrupted, then repeated after a merge, counts nothing twice", async () => {
    for (let n = 0; n < 8; n++) await take(bots(`e${n}`));
    const { messages, bindings } = recorder();
    // The queue has the messages, but the segments are unchanged: as after a crash in between.
    const { messages: crashed, bindings: crashing } = recorder();
    await restore({ reason: "bot" }, { ...crashing, SHARD_0: failingBatch(env.SHARD_0) }).catch(
      () => undefined,
    );
    expect(crashed.length).toBeGreaterThan(0);
    await mergeStep(env.SHARD_0, LAKE, { dataset: "dropped", foldedSeq: 1e9, now: Date.now() });
    expect((await restore({ reason: "bot" }, bindings)).data.restored).toBe(8);
    await take(crashed);
    await take(messages);
    expect((await rowsIn("events")).map((row) => row.event_name).toSorted()).toEqual(
      Array.from({ length: 8 }, (_, n) => `e${n}`),
    );
    expect(await rowsIn("dropped")).toEqual([]);
  });

  test("a queue that refuses changes nothing", async () => {
    await take(bots("a"));
    const { status, data, headers } = await restore({ reason: "bot" }, recorder(true).bindings);
    expect({ status, code: data.code }).toEqual({ status: 503, code: "unavailable" });
    expect(headers.get("retry-after")).toBe("5");
    expect(await rowsIn("dropped")).toHaveLength(1);
  });

  test("reasons that are only counted, and invalid instants, are refused", async () => {
    const { bindings } = recorder();
    expect((await restore({ reason: "opt_out" }, bindings)).status).toBe(400);
    const { status, data } = await restore({ reason: "bot", from: "soon" }, bindings);
    expect({ status, path: data.errors[0].path }).toEqual({ status: 400, path: "from" });
  });
});

/** A database that can be read but commits nothing. */
function failingBatch(db: D1Database): D1Database {
  return new Proxy(db, {
    get(target, name) {
      if (name === "batch") return () => Promise.reject(new Error("D1 is down"));
      const value: unknown = Reflect.get(target, name);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}
