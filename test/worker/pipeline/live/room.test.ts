import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env, exports } from "cloudflare:workers";
import { ulid } from "ulid";
import { afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { type Frame, frameSchema, type LiveEvent } from "../../../../schema/wire/live";
import type { Message } from "../../../../schema/wire/message";
import { accept, edgeContext } from "../../../../worker/pipeline/ingest";
import { addSegment, writeSegment } from "../../../../worker/pipeline/lake";
import {
  PROJECT_HEADER,
  pushAccepted,
  pushCommitted,
  WATCHER_HEADER,
} from "../../../../worker/pipeline/live";
import { watchesOf } from "../../../../worker/pipeline/live/store";
import { commit, rowsOf } from "../../../../worker/pipeline/queue/commit";
import { makeAccount } from "../../../support/client";
import { LAKE } from "../../../support/lake";
import { makeEvent, makeProject, makeSender } from "../../../support/make-event";

const ORIGIN = "http://selvedge.test";

type Account = Awaited<ReturnType<typeof makeAccount>>;
let account: Account;
beforeAll(async () => {
  account = await makeAccount();
});

async function newProject(owner: Account = account): Promise<{ id: string; api_key: string }> {
  const { data } = await owner.call("POST", "/api/v1/projects", {
    token: owner.token,
    body: { name: "Shop" },
  });
  return data;
}

const roomOf = (project: string) => env.ROOM.get(env.ROOM.idFromName(project));

/** A socket with all its frames. Closed after the test. */
function listen(socket: WebSocket) {
  const frames: Frame[] = [];
  const texts: string[] = [];
  const closed: number[] = [];
  socket.addEventListener("message", ({ data }) => {
    if (typeof data !== "string" || data === "pong") texts.push(String(data));
    else frames.push(frameSchema.parse(JSON.parse(data)));
  });
  socket.addEventListener("close", ({ code }) => {
    closed.push(code);
  });
  socket.accept();
  open.push(socket);
  const heard = <T extends Frame["type"]>(type: T) =>
    frames.filter((frame): frame is Extract<Frame, { type: T }> => frame.type === type);
  const events = () => heard("events").flatMap((frame) => frame.events);
  return { socket, frames, texts, closed, heard, events };
}
let open: WebSocket[] = [];
afterEach(() => {
  for (const socket of open) socket.close();
  open = [];
});

async function connect(project: string, headers: Record<string, string>, query = "") {
  const url = `${ORIGIN}/api/v1/ws/events/${project}${query}`;
  const response = await exports.default.fetch(url, { headers: { upgrade: "websocket", ...headers } });
  expect(response.status).toBe(101);
  if (!response.webSocket) throw new Error("no socket");
  return listen(response.webSocket);
}

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

async function watching(project: string, owner: Account = account) {
  const watcher = await connect(project, bearer(owner.token));
  await vi.waitFor(() => expect(watcher.heard("hello")).toHaveLength(1));
  return watcher;
}

/** Messages like those of ingest. */
function messagesOf(project: string, events: unknown[], now = Date.now(), sender = makeSender()): Message[] {
  const contextOf = edgeContext(sender, { today: "a", yesterday: "b" }, project, "UTC", now);
  const key = { key: ulid(), content: null };
  return accept({ events, key, sender, contextOf, project: makeProject({ id: project }), now }).messages;
}

async function commitAll(messages: Message[]) {
  const now = Date.now();
  const { rows, watches } = await commit({ db: env.SHARD_0, lake: LAKE }, messages, now);
  await pushCommitted(env.ROOM, rows, watches, now);
}

describe("who may watch", () => {
  test("with a header, a cookie from the product's own page, or a ticket", async () => {
    const project = await newProject();
    const { data } = await account.call("POST", `/api/v1/projects/${project.id}/live-ticket`, {
      token: account.token,
    });
    expect(data).toEqual({ ticket: expect.stringMatching(/^[\w-]{43}$/), expires_in: 30 });
    const watchers = [
      await connect(project.id, bearer(account.token)),
      await connect(project.id, { cookie: account.cookie, origin: ORIGIN }),
      await connect(project.id, {}, `?ticket=${data.ticket}`),
    ];
    for (const { heard } of watchers) await vi.waitFor(() => expect(heard("hello")).toHaveLength(1));
    const again = await connect(project.id, {}, `?ticket=${data.ticket}`);
    await vi.waitFor(() => expect(again.closed).toEqual([1008]));
  });

  test("a ticket expires after thirty seconds and is valid for its own project only", async () => {
    const [mine, other] = [await newProject(), await newProject()];
    const ticket = await roomOf(mine.id).issueTicket({
      ...{ user_id: account.user.id, credential: "session", name: "Ada" },
    });
    const elsewhere = await connect(other.id, {}, `?ticket=${ticket}`);
    await vi.waitFor(() => expect(elsewhere.closed).toEqual([1008]));
    await runInDurableObject(roomOf(mine.id), async (_, { storage }) => {
      const tickets = await storage.list<{ until: number }>({ prefix: "ticket:" });
      expect(JSON.stringify([...tickets])).not.toContain(ticket);
      for (const [key, ticket] of tickets)
        await storage.put(key, { ...ticket, until: ticket.until - 30_001 });
    });
    const late = await connect(mine.id, {}, `?ticket=${ticket}`);
    await vi.waitFor(() => expect(late.closed).toEqual([1008]));
  });

  test("others: 1008", async () => {
    const project = await newProject();
    const otherAccount = await makeAccount();
    const body = { name: "t", scopes: ["events:write"] };
    const writer = (await account.call("POST", "/api/v1/tokens", { token: account.token, body })).data.token;
    const cases: [string, Record<string, string>, string?][] = [
      [project.id, {}],
      [project.id, bearer("nonsense")],
      [project.id, bearer(otherAccount.token)],
      [project.id, bearer(writer)],
      [project.id, { cookie: account.cookie, origin: "https://evil.example" }],
      [project.id, { cookie: account.cookie }],
      [project.id, {}, "?ticket=nonsense"],
      ["p0unknown", bearer(account.token)],
      ["p0unknown", {}, "?ticket=nonsense"],
    ];
    for (const [id, headers, query] of cases) {
      const refused = await connect(id, headers, query);
      await vi.waitFor(() => expect(refused.closed).toEqual([1008]));
      expect(refused.frames).toEqual([]);
    }
  });

  test("a ticket is for those who may read the project", async () => {
    const project = await newProject();
    const otherAccount = await makeAccount();
    const path = `/api/v1/projects/${project.id}/live-ticket`;
    expect((await otherAccount.call("POST", path, { token: otherAccount.token })).status).toBe(404);
    expect((await otherAccount.call("POST", path)).status).toBe(401);
  });

  test("a plain request gets an error that it must upgrade", async () => {
    const { status, data } = await account.call("GET", "/api/v1/ws/events/p1", { token: account.token });
    expect({ status, code: data.code }).toEqual({ status: 400, code: "invalid_request" });
  });
});

describe("a watched project", () => {
  test("shows an accepted event without waiting for its commit, once", async () => {
    const project = await newProject();
    const watcher = await watching(project.id);
    const messages = messagesOf(project.id, [makeEvent({ event: "signup", properties: { plan: "pro" } })]);
    await pushAccepted(env.ROOM, env.SHARD_0, messages, Date.now() + 2000);
    await vi.waitFor(() => expect(watcher.events()).toHaveLength(1));
    await commitAll(messages);
    await vi.waitFor(() => expect(watcher.heard("stats").at(-1)).toMatchObject({ events_per_minute: 1 }));
    expect(watcher.events()).toHaveLength(1);
    const expected: Partial<LiveEvent> = {
      event: "signup",
      path: "/pricing",
      country: "FR",
      city: "Rennes",
      browser: "Chrome",
      device: "desktop",
      properties: { plan: "pro" },
    };
    expect(watcher.events()[0]).toMatchObject(expected);
    expect(watcher.heard("stats").at(-1)).toEqual({ type: "stats", visitors_now: 1, events_per_minute: 1 });
  });

  test("shows a page's events, through the Worker and its queue", async () => {
    const project = await newProject();
    const watcher = await watching(project.id);
    const send = (event: string) =>
      exports.default.fetch(`${ORIGIN}/api/v1/events/ingest?key=${project.api_key}`, {
        method: "POST",
        headers: { origin: "https://shop.example", "content-type": "text/plain" },
        body: JSON.stringify({ events: [makeEvent({ event })], batch_id: event }),
      });
    // The second is a retry of a request whose response was lost.
    for (const event of ["click", "click"]) expect((await send(event)).status).toBe(202);
    await vi.waitFor(() => expect(watcher.events().map((event) => event.event)).toEqual(["click"]), 10_000);
    await vi.waitFor(() => expect(watcher.heard("stats").at(-1)?.events_per_minute).toBe(1), 10_000);
    await vi.waitFor(() => expect(watcher.heard("folded").length).toBeGreaterThan(0), 10_000);
    expect(watcher.events()).toHaveLength(1);
    // Days derived again change numbers just as new events do.
    const known = watcher.heard("folded").length;
    const path = `/api/v1/projects/${project.id}/rebuild`;
    const rebuilt = await account.call("POST", path, { token: account.token, body: {} });
    expect(rebuilt.data.days).toBeGreaterThan(0);
    await vi.waitFor(() => expect(watcher.heard("folded").length).toBeGreaterThan(known), 10_000);
  });

  test("shows an event that was only committed", async () => {
    const project = await newProject();
    const watcher = await watching(project.id);
    await commitAll(messagesOf(project.id, [makeEvent({ event: "purchase" })]));
    await vi.waitFor(() => expect(watcher.events().map((event) => event.event)).toEqual(["purchase"]));
  });

  test("shows no events that are dropped, over an hour old, or another project's", async () => {
    const [project, other] = [await newProject(), await newProject()];
    const watcher = await watching(project.id);
    const now = Date.now();
    await commitAll([
      ...messagesOf(project.id, [makeEvent({ event: "old", timestamp: now - 3_600_001 })]),
      ...messagesOf(
        project.id,
        [makeEvent({ event: "bot" })],
        now,
        makeSender({ user_agent: "Googlebot/2.1" }),
      ),
      ...messagesOf(other.id, [makeEvent({ event: "secret" })]),
      ...messagesOf(project.id, [makeEvent({ event: "mine" })]),
    ]);
    await vi.waitFor(() => expect(watcher.events().map((event) => event.event)).toEqual(["mine"]));
    await vi.waitFor(() => expect(watcher.heard("stats").at(-1)?.events_per_minute).toBe(1));
  });

  test("no frame contains a hash, an address or a user agent", async () => {
    const project = await newProject();
    const watcher = await watching(project.id);
    const messages = messagesOf(project.id, [makeEvent()]);
    await commitAll(messages);
    await vi.waitFor(() => expect(watcher.heard("stats").at(-1)?.events_per_minute).toBe(1));
    const text = JSON.stringify(watcher.frames);
    const context = messages[0]?.contexts[0];
    for (const secret of [context?.anonymous_id, context?.ip_hash, context?.user_agent, "203.0.113.7"]) {
      expect(secret).toBeTruthy();
      expect(text).not.toContain(secret);
    }
  });

  test("is notified of a fold", async () => {
    const project = await newProject();
    const watcher = await watching(project.id);
    await roomOf(project.id).folded(123);
    await vi.waitFor(() =>
      expect(watcher.heard("folded")).toEqual([{ type: "folded", complete_until: 123 }]),
    );
  });

  test("pings are answered", async () => {
    const watcher = await watching((await newProject()).id);
    watcher.socket.send("ping");
    await vi.waitFor(() => expect(watcher.texts).toEqual(["pong"]));
  });

  test("a new subscriber receives the last events of the lake, and who is online", async () => {
    const project = await newProject();
    await commitAll(messagesOf(project.id, [makeEvent({ event: "first" }), makeEvent({ event: "second" })]));
    const watcher = await watching(project.id);
    const [hello] = watcher.heard("hello");
    expect(hello?.recent.map((event) => event.event)).toEqual(["first", "second"]);
    expect(hello?.visitors_now).toBe(1);
    expect(watcher.frames[0]?.type).toBe("hello");
  });

  test("an event of the greeting is not sent again", async () => {
    const project = await newProject();
    await watching(project.id);
    const messages = messagesOf(project.id, [makeEvent({ event: "only" })]);
    await pushAccepted(env.ROOM, env.SHARD_0, messages, Date.now() + 4000);
    const second = await watching(project.id);
    await commitAll(messages);
    await vi.waitFor(() => expect(second.heard("stats").at(-1)?.events_per_minute).toBe(1));
    const seen = [...(second.heard("hello")[0]?.recent ?? []), ...second.events()];
    expect(seen.map((event) => event.event)).toEqual(["only"]);
  });
});

describe("the watch", () => {
  const isWatched = async (project: string) =>
    (await watchesOf(env.SHARD_0, Date.now())).some((watch) => watch.project === project);

  test("exists while there are subscribers and is removed with the last one", async () => {
    const project = await newProject();
    const [first, second] = [await watching(project.id), await watching(project.id)];
    expect(await isWatched(project.id)).toBe(true);
    first.socket.close();
    await vi.waitFor(() => expect(first.closed).toHaveLength(1));
    expect(await isWatched(project.id)).toBe(true);
    second.socket.close();
    await vi.waitFor(async () => expect(await isWatched(project.id)).toBe(false));
  });

  test("is renewed by the alarm, which also updates visitors that expire", async () => {
    const project = await newProject();
    const watcher = await watching(project.id);
    await env.SHARD_0.prepare("UPDATE watches SET until = 0 WHERE project = ?1").bind(project.id).run();
    expect(await runDurableObjectAlarm(roomOf(project.id))).toBe(true);
    expect(await isWatched(project.id)).toBe(true);
    await vi.waitFor(() => expect(watcher.heard("stats").at(-1)).toMatchObject({ visitors_now: 0 }));
  });

  test("a socket must reconnect after an hour", async () => {
    const project = await newProject();
    const watcher = await watching(project.id);
    await runInDurableObject(roomOf(project.id), (_, state) => {
      for (const socket of state.getWebSockets())
        socket.serializeAttachment({ ...socket.deserializeAttachment(), until: Date.now() });
    });
    await runDurableObjectAlarm(roomOf(project.id));
    await vi.waitFor(() => expect(watcher.closed).toEqual([1012]));
  });
});

describe("sleep", () => {
  test("an evicted room keeps its sockets, restores its state from the lake and continues", async () => {
    const project = await newProject();
    const watcher = await watching(project.id);
    const before = messagesOf(project.id, [makeEvent({ event: "before" })]);
    await commitAll(before);
    await vi.waitFor(() => expect(watcher.events()).toHaveLength(1));
    await evictDurableObject(roomOf(project.id));
    watcher.socket.send("ping");
    await vi.waitFor(() => expect(watcher.texts).toEqual(["pong"]));

    await commitAll(messagesOf(project.id, [makeEvent({ event: "after" })]));
    await vi.waitFor(() => expect(watcher.events().map((event) => event.event)).toEqual(["before", "after"]));
    const newcomer = await watching(project.id);
    expect(newcomer.heard("hello")[0]?.recent.map((event) => event.event)).toEqual(["before", "after"]);
    expect(watcher.closed).toEqual([]);
  });

  test("a room whose lake cannot be read still greets", async () => {
    const project = await newProject();
    const rows = messagesOf(project.id, [makeEvent()]).flatMap(rowsOf);
    const segment = await writeSegment(LAKE, "events", rows, {
      id: ulid(),
      level: 0,
      seq: 0,
      now: Date.now(),
    });
    await addSegment(env.SHARD_0, segment).run();
    await LAKE.delete(`lake/v1/events/log/0-${segment.id}.parquet`);
    const watcher = await watching(project.id);
    expect(watcher.heard("hello")[0]?.recent).toEqual([]);
  });
});

describe("a crowd", () => {
  test("the thousandth socket is accepted, the next must try later; each gets every frame", async () => {
    const project = await newProject();
    const join = async (n = 1000) => {
      const watcher = encodeURIComponent(JSON.stringify({ user_id: `u${n}`, name: "日本" }));
      const headers = {
        upgrade: "websocket",
        [PROJECT_HEADER]: project.id,
        [WATCHER_HEADER]: watcher,
      };
      const { webSocket } = await roomOf(project.id).fetch("https://room/", { headers });
      if (!webSocket) throw new Error("no socket");
      return listen(webSocket);
    };
    const watchers: Awaited<ReturnType<typeof join>>[] = [];
    for (let n = 0; n < 1000; n++) watchers.push(await join(n));
    const refused = await join();
    await vi.waitFor(() => expect(refused.closed).toEqual([1013]));
    await vi.waitFor(
      () => expect(watchers.every(({ heard }) => heard("hello").length === 1)).toBe(true),
      20_000,
    );
    await roomOf(project.id).folded(7);
    await commitAll(messagesOf(project.id, [makeEvent()]));
    const got = () =>
      watchers.filter(({ heard, events }) => heard("folded").length === 1 && events().length === 1);
    await vi.waitFor(() => expect(got()).toHaveLength(1000), 20_000);
    const all = ({ heard }: (typeof watchers)[number]) => heard("presence").at(-1)?.count === 1000;
    await vi.waitFor(() => expect(watchers.every(all)).toBe(true), 20_000);
    const frames = watchers.flatMap(({ heard }) => heard("presence"));
    // A thousand arrivals are a few frames each, and each frame names at most fifty people.
    expect(frames.length).toBeLessThan(30 * 1000);
    expect(frames.at(-1)?.people).toHaveLength(50);
    expect(frames.at(-1)?.people[0]?.name).toBe("日本");
    watchers[0]?.socket.close();
    await vi.waitFor(() => expect(watchers[0]?.closed).toHaveLength(1));
    await vi.waitFor(async () => expect((await join()).closed).toEqual([]));
  });
});

describe("a flood", () => {
  test("is sampled at its source to the readable rate, is reported as sampled, and ends", async () => {
    const project = await newProject();
    const watcher = await watching(project.id);
    const keepOf = async () =>
      (await watchesOf(env.SHARD_0, Date.now())).find((watch) => watch.project === project.id)?.keep_1_in;
    const events = Array.from({ length: 450 }, () => makeEvent({ event_id: crypto.randomUUID() }));
    await commitAll(messagesOf(project.id, events));
    await vi.waitFor(async () => expect(await keepOf()).toBeGreaterThan(1), 10_000);
    await vi.waitFor(() => expect(watcher.heard("sampled").length).toBeGreaterThan(0), 10_000);
    const [sampled] = watcher.heard("sampled");
    expect(sampled?.of).toBe(450);
    expect(sampled?.kept).toBeLessThanOrEqual(60);
    expect(watcher.events().length).toBeLessThanOrEqual(60);
    expect(watcher.heard("stats").at(-1)?.events_per_minute).toBe(450);
    await vi.waitFor(async () => expect(await keepOf()).toBe(1), 15_000);
  });
});
