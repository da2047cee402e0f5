import { env } from "cloudflare:workers";
import { describe, expect, test, vi } from "vitest";
import { type Activity, activityListSchema } from "../../../../schema/wire/discussion";
import { runSchedule } from "../../../../worker/cron";
import { type ActivityEntry, recordActivity } from "../../../../worker/workspace/activity";
import { makeDashboard, makeStage, type Person, type Stage } from "../discussion/stage";

const DAY = 86_400_000;

const read = async (person: Person, query = "") => {
  const answer = await person.ask("GET", `/activity${query}`);
  expect(answer.status).toBe(200);
  return activityListSchema.parse(answer.data);
};
const entryOf = ({ organization, project, editor }: Stage, entry: Partial<ActivityEntry>): ActivityEntry => ({
  organization,
  project,
  user: editor.id,
  kind: "dashboard_created",
  subject: "Growth",
  subject_id: "d1",
  ...entry,
});
const subjects = ({ data }: { data: Activity[] }) => data.map(({ subject }) => subject);

describe("the list", () => {
  test("has the comments and annotations that everyone may see", async () => {
    const stage = await makeStage();
    const secret = await makeDashboard(stage, stage.editor, "private", "Secret");
    const shared = await makeDashboard(stage, stage.editor, "organization", "Shared");
    await stage.editor.ask("POST", `${secret}/comments`, { body: "x" });
    await stage.editor.ask("POST", "/annotations", { at: 1, text: "Hidden", sharing: "private" });
    const { data } = await stage.viewer.ask("POST", `${shared}/comments`, { body: "x" });
    await stage.editor.ask("POST", "/annotations", { at: 1, text: "Release" });
    const path = `${shared}/comments/${data.id}`;
    await stage.owner.ask("PATCH", path, { resolved: true });
    await stage.owner.ask("PATCH", path, { resolved: true });
    await vi.waitFor(async () => expect((await read(stage.viewer)).data).toHaveLength(3));
    const list = await read(stage.viewer);
    const entries = list.data.map(({ kind, subject, person }) => [kind, subject, person?.user_id]);
    expect(entries.sort()).toEqual([
      ["annotation_added", "Release", stage.editor.id],
      ["comment_added", "Shared", stage.viewer.id],
      ["comment_resolved", "Shared", stage.owner.id],
    ]);
  });

  test("has entries of the project and its organization, newest first, by pages", async () => {
    const [stage, other] = [await makeStage(), await makeStage()];
    const now = Date.now();
    for (const [n, deed] of [
      entryOf(stage, { subject: "1" }),
      entryOf(stage, { subject: "2", project: null, kind: "member_joined" }),
      entryOf(stage, { subject: "elsewhere", project: "p2" }),
      entryOf(other, { subject: "another tenant" }),
      entryOf(stage, { subject: "3" }),
    ].entries()) {
      await recordActivity(env.CONTROL, deed, now + n);
    }
    expect(subjects(await read(stage.viewer))).toEqual(["3", "2", "1"]);
    const first = await read(stage.viewer, "?limit=2");
    expect(subjects(first)).toEqual(["3", "2"]);
    await recordActivity(env.CONTROL, entryOf(stage, { subject: "4" }), now + 9);
    const second = await read(stage.viewer, `?limit=2&cursor=${first.next_cursor}`);
    expect([subjects(second), second.next_cursor]).toEqual([["1"], null]);
  });

  test("combines consecutive saves, and has no person for a deleted account", async () => {
    const stage = await makeStage();
    const now = Date.now();
    const save = (at: number, entry: Partial<ActivityEntry> = {}) =>
      recordActivity(env.CONTROL, entryOf(stage, { kind: "dashboard_changed", ...entry }), at);
    await save(now - 20 * 60_000, { subject: "yesterday's name" });
    await save(now - 3, { subject: "old name" });
    await save(now - 2, { subject: "other", subject_id: "d2" });
    await save(now - 1, { subject: "by viewer", user: stage.viewer.id });
    await save(now, { subject: "new name" });
    const list = await read(stage.owner);
    expect(subjects(list)).toEqual(["new name", "by viewer", "other", "yesterday's name"]);
    await env.CONTROL.prepare("DELETE FROM users WHERE id = ?1").bind(stage.viewer.id).run();
    const gone = (await read(stage.owner)).data.find(({ subject }) => subject === "by viewer");
    expect(gone?.person).toBe(null);
  });

  test("is retained for ninety days", async () => {
    const stage = await makeStage();
    const now = Date.UTC(2026, 10, 20, 12);
    await recordActivity(env.CONTROL, entryOf(stage, { subject: "over" }), now - 90 * DAY - 1);
    await recordActivity(env.CONTROL, entryOf(stage, { subject: "still" }), now - 90 * DAY);
    const nothing = async () => {};
    const bindings = { CONTROL: env.CONTROL, wake: nothing, sync: nothing, tidy: nothing, check: nothing };
    await runSchedule(bindings, now + 60_000);
    expect(subjects(await read(stage.owner))).toEqual(["still", "over"]);
    await runSchedule(bindings, now);
    expect(subjects(await read(stage.owner))).toEqual(["still"]);
  });
});

test("comments and activity of a project are deleted with it", async () => {
  const stage = await makeStage();
  const dashboard = await makeDashboard(stage, stage.editor);
  await stage.editor.ask("POST", `${dashboard}/comments`, { body: "gone" });
  await stage.editor.ask("POST", "/annotations", { at: 1, text: "gone" });
  await recordActivity(env.CONTROL, entryOf(stage, { subject: "gone" }), Date.now());
  const left = async () => {
    const tables = ["comments", "annotations", "activity"].map((table) =>
      env.CONTROL.prepare(`SELECT * FROM ${table}`),
    );
    const rows = (await env.CONTROL.batch(tables)).flatMap(({ results }) => results);
    return rows.filter((row) => JSON.stringify(row).includes("gone")).length;
  };
  await vi.waitFor(async () => expect(await left()).toBe(4));
  expect((await stage.owner.ask("DELETE", "?confirm=Shop")).status).toBe(204);
  expect(await left()).toBe(0);
});
