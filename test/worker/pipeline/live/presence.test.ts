import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, describe, expect, test, vi } from "vitest";
import { type ChangedFrame, type Frame, frameSchema } from "../../../../schema/wire/live";
import { api } from "../../../../worker/api/app";
import { notify } from "../../../../worker/pipeline/live";
import { presenceOf } from "../../../../worker/pipeline/live/presence";
import { makeStage, type Person, type Stage } from "../../workspace/discussion/stage";

let open: WebSocket[] = [];
afterEach(() => {
  for (const socket of open) socket.close();
  open = [];
});

const roomOf = (project: string) => env.ROOM.get(env.ROOM.idFromName(project));

/** A page of the project: its socket, and who is present by its last frame. */
async function openPage({ project }: Stage, person: Person, token = person.token) {
  const made = await person.call("POST", `/api/v1/projects/${project}/live-ticket`, { token });
  const url = `/api/v1/ws/events/${project}?ticket=${made.data.ticket}`;
  const { webSocket: socket } = await api.request(url, { headers: { upgrade: "websocket" } }, env);
  if (!socket) throw new Error("no socket");
  const frames: Frame[] = [];
  const closed: number[] = [];
  socket.addEventListener("message", ({ data }) => {
    if (data !== "pong") frames.push(frameSchema.parse(JSON.parse(String(data))));
  });
  socket.addEventListener("close", ({ code }) => {
    closed.push(code);
  });
  socket.accept();
  open.push(socket);
  const of = <T extends Frame["type"]>(type: T) =>
    frames.filter((frame): frame is Extract<Frame, { type: T }> => frame.type === type);
  await vi.waitFor(() => expect(of("hello")).toHaveLength(1));
  return {
    socket,
    closed,
    /** `[user, dashboard]` of everyone, by the last frame. */
    here: () =>
      of("presence")
        .at(-1)
        ?.people.map(({ user_id, dashboard_id }) => [user_id, dashboard_id]),
    presence: () => of("presence"),
    changed: () => of("changed"),
    at: (dashboard_id: string | null) => socket.send(JSON.stringify({ type: "at", dashboard_id })),
  };
}

/** The frame's people in the order of the frame. */
const presence = (...people: [Person, string | null][]) =>
  people
    .toSorted(([a, onA], [b, onB]) => Number(onA === null) - Number(onB === null) || (a.id < b.id ? -1 : 1))
    .map(([{ id }, dashboard]) => [id, dashboard]);

describe("presence", () => {
  test("reports who connects, changes dashboards and leaves, by name", async () => {
    const stage = await makeStage();
    const { owner, editor } = stage;
    const first = await openPage(stage, owner);
    await vi.waitFor(() => expect(first.here()).toEqual(presence([owner, null])));
    const second = await openPage(stage, editor);
    await vi.waitFor(() => expect(first.here()).toEqual(presence([owner, null], [editor, null])));
    await vi.waitFor(() => expect(second.here()).toEqual(first.here()));
    second.at("d1");
    await vi.waitFor(() => expect(first.here()).toEqual(presence([owner, null], [editor, "d1"])));
    const frame = first.presence().at(-1);
    expect(frame?.count).toBe(2);
    expect(frame?.people[0]).toEqual({ user_id: editor.id, name: editor.name, dashboard_id: "d1" });
    second.at(null);
    await vi.waitFor(() => expect(first.here()).toEqual(presence([owner, null], [editor, null])));
    second.socket.close();
    await vi.waitFor(() => expect(first.here()).toEqual(presence([owner, null])));
  });

  test("lists a user with several pages once, with the dashboard opened last", async () => {
    const stage = await makeStage();
    const { owner, viewer } = stage;
    const watching = await openPage(stage, viewer);
    const [one, two] = [await openPage(stage, owner), await openPage(stage, owner)];
    one.at("d1");
    await vi.waitFor(() => expect(watching.here()).toEqual(presence([owner, "d1"], [viewer, null])));
    two.at("d2");
    await vi.waitFor(() => expect(watching.here()).toEqual(presence([owner, "d2"], [viewer, null])));
    two.at(null);
    await vi.waitFor(() => expect(watching.here()).toEqual(presence([owner, "d1"], [viewer, null])));
    one.socket.close();
    await vi.waitFor(() => expect(watching.here()).toEqual(presence([owner, null], [viewer, null])));
    expect(watching.presence().at(-1)?.count).toBe(2);
  });

  test("leaves programs out, but is sent to them", async () => {
    const stage = await makeStage();
    const { owner } = stage;
    const body = { name: "program", scopes: ["analytics:read"] };
    const { data } = await owner.call("POST", "/api/v1/tokens", { token: owner.token, body });
    const program = await openPage(stage, owner, data.token);
    await vi.waitFor(() => expect(program.presence().at(-1)).toMatchObject({ people: [], count: 0 }));
    const page = await openPage(stage, owner);
    await vi.waitFor(() => expect(program.here()).toEqual(presence([owner, null])));
    expect(page.here()).toEqual(presence([owner, null]));
  });

  test("ignores messages that are not frames of a page", async () => {
    const stage = await makeStage();
    const { owner } = stage;
    const page = await openPage(stage, owner);
    const strange = [
      "",
      "{",
      "null",
      '{"type":"at"}',
      '{"type":"at","dashboard_id":7}',
      `"${"x".repeat(300)}"`,
    ];
    for (const text of strange) page.socket.send(text);
    page.socket.send(new Uint8Array([123]).buffer);
    page.socket.send(JSON.stringify({ type: "at", dashboard_id: "x".repeat(65) }));
    page.at("d1");
    await vi.waitFor(() => expect(page.here()).toEqual(presence([owner, "d1"])));
    const seen = page.presence().flatMap(({ people }) => people[0]?.dashboard_id ?? []);
    expect(new Set(seen)).toEqual(new Set(["d1"]));
  });

  test("survives the room's hibernation", async () => {
    const stage = await makeStage();
    const { owner, editor, viewer } = stage;
    const [first, second] = [await openPage(stage, owner), await openPage(stage, editor)];
    first.at("d1");
    second.at("d2");
    const both: [Person, string][] = [
      [owner, "d1"],
      [editor, "d2"],
    ];
    await vi.waitFor(() => expect(first.here()).toEqual(presence(...both)));
    await evictDurableObject(roomOf(stage.project));
    const third = await openPage(stage, viewer);
    await vi.waitFor(() => expect(third.here()).toEqual(presence(...both, [viewer, null])));
    await vi.waitFor(() => expect(first.here()).toEqual(presence(...both, [viewer, null])));
    await evictDurableObject(roomOf(stage.project));
    second.at(null);
    await vi.waitFor(() =>
      expect(third.here()).toEqual(presence([owner, "d1"], [editor, null], [viewer, null])),
    );
    await evictDurableObject(roomOf(stage.project));
    second.socket.close();
    await vi.waitFor(() => expect(third.here()).toEqual(presence([owner, "d1"], [viewer, null])));
  });

  test("removes expired sockets", async () => {
    const stage = await makeStage();
    const { owner, viewer } = stage;
    const [page, other] = [await openPage(stage, owner), await openPage(stage, viewer)];
    await vi.waitFor(() => expect(page.here()).toHaveLength(2));
    await runInDurableObject(roomOf(stage.project), (_, state) => {
      for (const socket of state.getWebSockets()) {
        const attachment = socket.deserializeAttachment();
        if (attachment.user_id === viewer.id) socket.serializeAttachment({ ...attachment, until: 0 });
      }
    });
    await runDurableObjectAlarm(roomOf(stage.project));
    await vi.waitFor(() => expect(page.here()).toEqual(presence([owner, null])));
    expect(other.here()).toHaveLength(2);
  });

  test("names fifty people, those on a dashboard first, and counts the rest", () => {
    const standings = Array.from({ length: 120 }, (_, n) => ({
      user_id: `u${String(n).padStart(3, "0")}`,
      name: `N${n}`,
      dashboard_id: n % 10 === 9 ? "d1" : null,
      moved_at: n,
    }));
    const frame = presenceOf([...standings, ...standings]);
    if (frame.type !== "presence") throw new Error("no presence");
    expect(frame.count).toBe(120);
    expect(frame.people).toHaveLength(50);
    expect(frame.people.slice(0, 12).every(({ dashboard_id }) => dashboard_id === "d1")).toBe(true);
    expect(presenceOf(standings.toReversed())).toEqual(frame);
  });
});

describe("a change", () => {
  const frame: ChangedFrame = { type: "changed", what: "dashboard", id: "d1", version: 2, by: "u1" };

  test("is sent to every page of the watched projects, or to one user's", async () => {
    const [stage, other] = [await makeStage(), await makeStage()];
    const [page, second, elsewhere] = [
      await openPage(stage, stage.owner),
      await openPage(stage, stage.editor),
      await openPage(other, other.owner),
    ];
    await notify(env, [stage.project], frame);
    await vi.waitFor(() => expect(second.changed()).toEqual([frame]));
    const secret = { ...frame, what: "annotations", id: "secret" } as const;
    await notify(env, [stage.project, other.project, "p0unwatched"], secret, stage.owner.id);
    const last = { ...frame, id: "d9" };
    await notify(env, [stage.project, other.project], last);
    await vi.waitFor(() => expect(page.changed()).toEqual([frame, secret, last]));
    await vi.waitFor(() => expect(second.changed()).toEqual([frame, last]));
    await vi.waitFor(() => expect(elsewhere.changed()).toEqual([last]));
  });

  test("wakes no room without subscribers", async () => {
    const stage = await makeStage();
    const asked: string[] = [];
    const ROOM = {
      idFromName: (name: string) => {
        asked.push(name);
        return env.ROOM.idFromName(name);
      },
      get: (id: DurableObjectId) => env.ROOM.get(id),
    };
    await notify({ ...env, ROOM }, [stage.project], frame);
    expect(asked).toEqual([]);
  });
});

test("a member who leaves the organization is disconnected at once, and their tickets are invalid", async () => {
  const stage = await makeStage();
  const { owner, viewer } = stage;
  const [page, other] = [await openPage(stage, owner), await openPage(stage, viewer)];
  await vi.waitFor(() => expect(page.here()).toHaveLength(2));
  const path = `/api/v1/projects/${stage.project}/live-ticket`;
  const { ticket } = (await viewer.call("POST", path, { token: viewer.token })).data;
  const members = `/api/v1/organizations/${stage.organization}/members`;
  expect((await owner.call("DELETE", `${members}/${viewer.id}`, { token: owner.token })).status).toBe(204);
  await vi.waitFor(() => expect(other.closed).toEqual([1008]));
  await vi.waitFor(() => expect(page.here()).toEqual(presence([owner, null])));
  const url = `/api/v1/ws/events/${stage.project}?ticket=${ticket}`;
  const { webSocket: late } = await api.request(url, { headers: { upgrade: "websocket" } }, env);
  const refused = new Promise<CloseEvent>((resolve) => late?.addEventListener("close", resolve));
  late?.accept();
  expect((await refused).code).toBe(1008);
  expect(page.closed).toEqual([]);
});
