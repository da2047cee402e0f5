import { env } from "cloudflare:workers";
import { afterEach, expect, test, vi } from "vitest";
import { type ChangedFrame, type Frame, frameSchema } from "../../../../schema/wire/live";
import { api } from "../../../../worker/api/app";
import { makeDashboard, makeStage, type Person, type Stage } from "../discussion/stage";

let open: WebSocket[] = [];
afterEach(() => {
  for (const socket of open) socket.close();
  open = [];
});

/** The changes that are sent to a page of the person. */
async function listen({ project }: Stage, person: Person): Promise<ChangedFrame[]> {
  const headers = { upgrade: "websocket", authorization: `Bearer ${person.token}` };
  const { webSocket: socket } = await api.request(`/api/v1/ws/events/${project}`, { headers }, env);
  if (!socket) throw new Error("no socket");
  const frames: Frame[] = [];
  const changed: ChangedFrame[] = [];
  socket.addEventListener("message", ({ data }) => {
    const frame = frameSchema.parse(JSON.parse(String(data)));
    frames.push(frame);
    if (frame.type === "changed") changed.push(frame);
  });
  socket.accept();
  open.push(socket);
  await vi.waitFor(() => expect(frames[0]?.type).toBe("hello"));
  return changed;
}

test("pages are notified of all comments, but of private ones only their author's", async () => {
  const stage = await makeStage();
  const { editor, viewer } = stage;
  const [mine, theirs] = [await listen(stage, editor), await listen(stage, viewer)];
  const shared = await makeDashboard(stage, editor);
  const secret = await makeDashboard(stage, editor, "private");
  const idOf = (path: string) => path.split("/").at(-1);
  const frame = (what: string, path: string, by: Person) => ({
    type: "changed",
    what,
    id: idOf(path),
    by: by.id,
  });
  // One after the other: each is sent after its response, and frames may overtake each other.
  let expectedMine = 0;
  const heard = (changes: ChangedFrame[], n: number) => vi.waitFor(() => expect(changes).toHaveLength(n));
  const hear = () => heard(mine, ++expectedMine);

  const said = await viewer.ask("POST", `${shared}/comments`, { body: "x" });
  await hear();
  expect(mine.at(-1)).toEqual(frame("comments", shared, viewer));
  const path = `${shared}/comments/${said.data.id}`;
  await viewer.ask("PATCH", path, { body: "y" });
  await hear();
  await editor.ask("PATCH", path, { resolved: true });
  await hear();
  await editor.ask("PATCH", path, { resolved: true });
  await viewer.ask("DELETE", path);
  await hear();
  await heard(theirs, 4);

  await editor.ask("POST", `${secret}/comments`, { body: "x" });
  await hear();
  expect(mine.at(-1)).toEqual(frame("comments", secret, editor));
  const made = await editor.ask("POST", "/annotations", { at: 1, text: "a", sharing: "private" });
  await hear();
  const note = `/annotations/${made.data.id}`;
  await editor.ask("PATCH", note, { sharing: "organization" });
  await hear();
  expect(mine.at(-1)).toEqual(frame("annotations", note, editor));
  await editor.ask("PATCH", note, { sharing: "private" });
  await hear();
  await editor.ask("DELETE", note);
  await hear();
  await heard(theirs, 6);
  expect(theirs.slice(4)).toEqual([frame("annotations", note, editor), frame("annotations", note, editor)]);
});

test("pages are notified of dashboards, also of one that becomes private and of a deleted one", async () => {
  const stage = await makeStage();
  const { editor, viewer } = stage;
  const [mine, theirs] = [await listen(stage, editor), await listen(stage, viewer)];
  const heard = (changes: ChangedFrame[], n: number) => vi.waitFor(() => expect(changes).toHaveLength(n));
  const { id, version } = (await editor.ask("POST", "/dashboards", { name: "Growth" })).data;
  await heard(theirs, 1);
  const path = `/dashboards/${id}`;
  await editor.ask("PATCH", path, { version, sharing: "private" });
  await heard(theirs, 2);
  const what = { type: "changed", what: "dashboard", id, by: editor.id };
  expect(theirs).toEqual([
    { ...what, version },
    { ...what, version: version + 1 },
  ]);
  await editor.ask("PATCH", path, { version: version + 1, name: "Mine" });
  await heard(mine, 3);
  await editor.ask("DELETE", path);
  await heard(mine, 4);
  expect(mine.at(-1)).toEqual(what);
  await editor.ask("POST", "/dashboards", { name: "Shared" });
  await heard(theirs, 3);
});

test("pages of every project of the organization are notified of its metrics", async () => {
  const stage = await makeStage();
  const { editor, viewer } = stage;
  const token = stage.owner.token;
  const body = { name: "Second", organization_id: stage.organization };
  const second = await stage.owner.call("POST", "/api/v1/projects", { token, body });
  const here = await listen(stage, viewer);
  const there = await listen({ ...stage, project: second.data.id }, viewer);
  const path = `/api/v1/organizations/${stage.organization}/metrics`;
  const rule = { kind: "aggregate", dataset: "events", aggregation: "count" };
  const ask = (method: string, url: string, more?: object) =>
    editor.call(method, url, { token: editor.token, body: more });
  const { id } = (await ask("POST", path, { name: "all_events", label: "All events", rule })).data;
  const frame = { type: "changed", what: "metrics", id, by: editor.id };
  const heard = async (changes: object[]) => {
    for (const page of [here, there]) await vi.waitFor(() => expect(page).toEqual(changes));
  };
  await heard([{ ...frame, version: 1 }]);
  await ask("PATCH", `${path}/${id}`, { version: 1, sharing: "private" });
  await heard([
    { ...frame, version: 1 },
    { ...frame, version: 2 },
  ]);
  await ask("PATCH", `${path}/${id}`, { version: 2, label: "Secret" });
  await ask("DELETE", `${path}/${id}`);
  await ask("POST", path, { name: "others", label: "Others", rule });
  await vi.waitFor(() => expect(here).toHaveLength(3));
  expect(here.at(-1)?.id).not.toBe(id);
});
