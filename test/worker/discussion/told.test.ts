import { env } from "cloudflare:workers";
import { afterEach, expect, test, vi } from "vitest";
import { type ChangedFrame, type Frame, frameSchema } from "../../../schema/wire/live";
import { api } from "../../../worker/api/app";
import { makeDashboard, makeStage, type Person, type Stage } from "./stage";

let open: WebSocket[] = [];
afterEach(() => {
  for (const socket of open) socket.close();
  open = [];
});

/** The changes that a page of the person hears of. */
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

test("pages hear of every word, but of private ones only their maker's", async () => {
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
  // One after the other: each is told after its answer, and frames may overtake each other.
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
