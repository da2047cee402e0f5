import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, test, vi } from "vitest";
import { type Comment, commentListSchema, commentSchema } from "../../../../schema/wire/discussion";
import { listComments } from "../../../../worker/workspace/discussion";
import { countRows } from "./count-rows";
import { expectProblem, mailbox, makeDashboard, makeStage, type Person, type Stage } from "./stage";

let stage: Stage;
beforeAll(async () => {
  stage = await makeStage();
});

const say = async (person: Person, dashboard: string, body: string, more = {}): Promise<Comment> => {
  const answer = await person.ask("POST", `${dashboard}/comments`, { body, ...more });
  expect(answer.status).toBe(201);
  return commentSchema.parse(answer.data);
};
const read = async (person: Person, dashboard: string, query = "") => {
  const answer = await person.ask("GET", `${dashboard}/comments${query}`);
  expect(answer.status).toBe(200);
  return commentListSchema.parse(answer.data);
};

describe("a thread", () => {
  test("starts on a point in time of a widget; replies have the same target and are listed oldest first", async () => {
    const dashboard = await makeDashboard(stage, stage.editor);
    const first = await say(stage.viewer, dashboard, "Why the **dip**?", { widget_id: "signups", at: 5 });
    const answer = await say(stage.editor, dashboard, "A holiday", {
      parent_id: first.id,
      widget_id: null,
      at: 9,
    });
    const second = await say(stage.viewer, dashboard, "Thanks", { parent_id: first.id });
    const other = await say(stage.owner, dashboard, "Nice page");
    const { data, next_cursor } = await read(stage.admin, dashboard);
    expect(data.map(({ id }) => id)).toEqual([other.id, first.id, answer.id, second.id]);
    expect(next_cursor).toBe(null);
    expect(data[1]).toMatchObject({
      author: { user_id: stage.viewer.id, name: stage.viewer.name },
      body: "Why the **dip**?",
      widget_id: "signups",
      at: 5,
      parent_id: null,
    });
    expect(answer).toMatchObject({ parent_id: first.id, widget_id: "signups", at: 5 });
  });

  test("has one level, on one dashboard", async () => {
    const [dashboard, elsewhere] = [
      await makeDashboard(stage, stage.editor),
      await makeDashboard(stage, stage.editor),
    ];
    const first = await say(stage.viewer, dashboard, "1");
    const answer = await say(stage.viewer, dashboard, "2", { parent_id: first.id });
    const nested = { body: "3", parent_id: answer.id };
    expectProblem(
      await stage.viewer.ask("POST", `${dashboard}/comments`, nested),
      422,
      "comment_parent_is_reply",
    );
    const stray = { body: "3", parent_id: first.id };
    expectProblem(await stage.viewer.ask("POST", `${elsewhere}/comments`, stray), 422, "comment_parent_gone");
    const noWidget = { body: "3", widget_id: "gone" };
    expectProblem(await stage.viewer.ask("POST", `${dashboard}/comments`, noWidget), 422, "widget_not_found");
    for (const [method, path] of [
      ["PATCH", `${elsewhere}/comments/${first.id}`],
      ["DELETE", `${elsewhere}/comments/${first.id}`],
      ["GET", `${elsewhere}/comments/${first.id}/history`],
    ] as const) {
      const body = method === "PATCH" ? { body: "x" } : undefined;
      expectProblem(await stage.viewer.ask(method, path, body), 404, "not_found");
    }
    expect((await read(stage.viewer, dashboard)).data.map(({ body }) => body)).toEqual(["1", "2"]);
  });

  test("pages by threads, each complete, and by widget and state", async () => {
    const dashboard = await makeDashboard(stage, stage.editor);
    const firsts: Comment[] = [];
    for (const body of ["a", "b", "c"]) firsts.push(await say(stage.viewer, dashboard, body));
    await say(stage.viewer, dashboard, "on it", { parent_id: firsts[1]?.id });
    await say(stage.viewer, dashboard, "w", { widget_id: "signups" });
    await stage.owner.ask("PATCH", `${dashboard}/comments/${firsts[0]?.id}`, { resolved: true });
    const seen: string[] = [];
    let cursor: string | null = "";
    while (cursor !== null) {
      const page: Awaited<ReturnType<typeof read>> = await read(
        stage.viewer,
        dashboard,
        `?limit=1${cursor && `&cursor=${cursor}`}`,
      );
      seen.push(page.data.map(({ body }) => body).join("+"));
      cursor = page.next_cursor;
    }
    // Several may start in one millisecond: they are ordered by id.
    expect(seen.toSorted()).toEqual(["a", "b+on it", "c", "w"]);
    const bodies = async (query: string) =>
      (await read(stage.viewer, dashboard, query)).data.map(({ body }) => body).sort();
    expect(await bodies("?widget_id=signups")).toEqual(["w"]);
    expect(await bodies("?resolved=true")).toEqual(["a"]);
    expect(await bodies("?resolved=false")).toEqual(["b", "c", "on it", "w"]);
    const bad = await stage.viewer.ask("GET", `${dashboard}/comments?cursor=x`);
    expectProblem(bad, 400, "invalid_request");
  });

  test("is resolved and reopened by everyone, at its first comment, once", async () => {
    const dashboard = await makeDashboard(stage, stage.editor);
    const first = await say(stage.editor, dashboard, "?");
    const answer = await say(stage.editor, dashboard, "!", { parent_id: first.id });
    const path = `${dashboard}/comments/${first.id}`;
    const resolved = (await stage.viewer.ask("PATCH", path, { resolved: true })).data;
    expect(resolved.resolved_by).toEqual({ user_id: stage.viewer.id, name: stage.viewer.name });
    const again = (await stage.admin.ask("PATCH", path, { resolved: true })).data;
    expect(again).toEqual(resolved);
    const reopened = (await stage.admin.ask("PATCH", path, { resolved: false })).data;
    expect([reopened.resolved_at, reopened.resolved_by]).toEqual([null, null]);
    const wrong = await stage.editor.ask("PATCH", `${dashboard}/comments/${answer.id}`, { resolved: true });
    expectProblem(wrong, 422, "comment_not_first");
    expectProblem(await stage.editor.ask("PATCH", path, {}), 400, "invalid_request");
    const half = { body: "changed", resolved: true };
    expectProblem(
      await stage.editor.ask("PATCH", `${dashboard}/comments/${answer.id}`, half),
      422,
      "comment_not_first",
    );
    expectProblem(await stage.viewer.ask("PATCH", path, half), 403, "comment_not_own");
    const now = (await read(stage.viewer, dashboard)).data;
    expect(now.map((comment) => [comment.body, comment.resolved_at])).toEqual([
      ["?", null],
      ["!", null],
    ]);
  });
});

describe("editing", () => {
  test("is for the author, stores earlier bodies, and nothing without a change", async () => {
    const dashboard = await makeDashboard(stage, stage.editor);
    const { id } = await say(stage.viewer, dashboard, "one");
    const path = `${dashboard}/comments/${id}`;
    expectProblem(await stage.owner.ask("PATCH", path, { body: "mine" }), 403, "comment_not_own");
    for (const body of ["two", "two", "three"]) await stage.viewer.ask("PATCH", path, { body });
    const { data } = await stage.owner.ask("GET", `${path}/history`);
    expect(data.data.map((edit: { body: string }) => edit.body)).toEqual(["two", "one"]);
    const [now] = (await read(stage.owner, dashboard)).data;
    expect(now).toMatchObject({ body: "three", edited_at: data.data[0].replaced_at });
    const both = await stage.viewer.ask("PATCH", path, { body: "four", resolved: true });
    expect(both.data).toMatchObject({ body: "four", resolved_by: { user_id: stage.viewer.id } });
  });
});

describe("deleting", () => {
  test("leaves an empty comment in a thread, and none when the thread is empty", async () => {
    const dashboard = await makeDashboard(stage, stage.editor);
    const first = await say(stage.viewer, dashboard, "secret @[x](y)");
    await stage.viewer.ask("PATCH", `${dashboard}/comments/${first.id}`, { body: "still secret" });
    const answer = await say(stage.editor, dashboard, "answer", { parent_id: first.id });
    const remove = (person: Person, id: string) => person.ask("DELETE", `${dashboard}/comments/${id}`);
    expectProblem(await remove(stage.editor, first.id), 403, "comment_not_own");
    expect((await remove(stage.viewer, first.id)).status).toBe(204);
    expectProblem(await remove(stage.viewer, first.id), 404, "not_found");
    const { data } = await read(stage.viewer, dashboard);
    expect(data.map(({ body, deleted_at }) => [body, deleted_at === null])).toEqual([
      ["", false],
      ["answer", true],
    ]);
    const stored = await env.CONTROL.prepare("SELECT * FROM comments JOIN comment_edits").all();
    expect(JSON.stringify(stored.results)).not.toContain("secret");
    const path = `${dashboard}/comments/${first.id}`;
    expectProblem(await stage.viewer.ask("PATCH", path, { body: "back" }), 404, "not_found");
    expect((await stage.viewer.ask("GET", `${path}/history`)).data.data).toEqual([]);
    expect((await remove(stage.admin, answer.id)).status).toBe(204);
    expect((await read(stage.viewer, dashboard)).data).toEqual([]);
    const late = { body: "late", parent_id: first.id };
    expectProblem(await stage.viewer.ask("POST", `${dashboard}/comments`, late), 422, "comment_parent_gone");
  });
});

describe("a private dashboard", () => {
  test("has comments of its owner only, and sends no e-mails", async () => {
    const dashboard = await makeDashboard(stage, stage.editor, "private");
    const box = mailbox();
    const body = `For me, @[Boss](${stage.owner.id})`;
    const answer = await stage.editor.ask("POST", `${dashboard}/comments`, { body }, box);
    expect(answer.status).toBe(201);
    const path = `${dashboard}/comments/${answer.data.id}`;
    for (const person of [stage.owner, stage.admin, stage.viewer]) {
      expectProblem(await person.ask("GET", `${dashboard}/comments`), 404, "not_found");
      expectProblem(await person.ask("POST", `${dashboard}/comments`, { body: "x" }), 404, "not_found");
      expectProblem(await person.ask("PATCH", path, { resolved: true }), 404, "not_found");
      expectProblem(await person.ask("DELETE", path), 404, "not_found");
      expectProblem(await person.ask("GET", `${path}/history`), 404, "not_found");
    }
    // A later comment on a shared one sends an e-mail; one for the private comment would have arrived by then.
    const shared = await makeDashboard(stage, stage.editor);
    await stage.editor.ask("POST", `${shared}/comments`, { body }, box);
    await vi.waitFor(() => expect(box.sent).toHaveLength(1));
    expect(box.sent[0]?.text).toContain(shared);
  });
});

describe("a mention", () => {
  test("sends one e-mail to each newly mentioned member, never to the author or to non-members", async () => {
    const dashboard = await makeDashboard(stage, stage.editor, "organization", "Sales & <b>more</b>");
    const box = mailbox();
    const { viewer, owner, admin, outsider } = stage;
    const at = (person: Person) => `@[N](${person.id})`;
    const body = `${at(owner)} ${at(owner)} ${at(viewer)} ${at(outsider)} @[X](nobody) <script>`;
    const { data } = await viewer.ask("POST", `${dashboard}/comments`, { body }, box);
    expect(data.mentions).toEqual([
      { user_id: owner.id, name: owner.name },
      { user_id: viewer.id, name: viewer.name },
    ]);
    const path = `${dashboard}/comments/${data.id}`;
    await vi.waitFor(() => expect(box.sent.map(({ to }) => to)).toEqual([owner.email]));
    await viewer.ask("PATCH", path, { body: `${body} ${at(admin)}` }, box);
    await vi.waitFor(() => expect(box.sent.map(({ to }) => to)).toEqual([owner.email, admin.email]));
    const [letter] = box.sent;
    expect(letter?.subject).toBe(`${viewer.name} mentioned you on Sales & <b>more</b>`);
    expect(letter?.text).toContain(`> @N @N @N @N @X <script>`);
    expect(letter?.text).toContain(`/projects/${stage.project}${dashboard}?comment=${data.id}`);
    expect(letter?.html).not.toMatch(/<script>|<b>/);
    expect(letter?.html).toContain("&#60;script&#62;");
    expect(JSON.stringify(letter)).not.toContain(outsider.id);
  });

  test("that cannot be sent does not affect the comment", async () => {
    const dashboard = await makeDashboard(stage, stage.editor);
    const logged = vi.spyOn(console, "error").mockImplementation(() => {});
    const body = `@[N](${stage.owner.id})`;
    const { status } = await stage.editor.ask("POST", `${dashboard}/comments`, { body }, mailbox(true));
    expect(status).toBe(201);
    await vi.waitFor(() => expect(logged.mock.calls.join()).toContain("a change was not published"));
    logged.mockRestore();
  });

  test("sends e-mails ten times a minute", async () => {
    const own = await makeStage();
    const dashboard = await makeDashboard(own, own.editor);
    const say = (body: string) => own.editor.ask("POST", `${dashboard}/comments`, { body }, mailbox());
    const statuses: number[] = [];
    // The limiter's minute may end once meanwhile, which restarts the count.
    while (statuses.length < 21 && statuses.at(-1) !== 429) {
      statuses.push((await say(`@[N](${own.owner.id})`)).status);
    }
    expect(statuses.filter((status) => status === 201).length).toBeGreaterThanOrEqual(10);
    expect(statuses.at(-1)).toBe(429);
    expect((await say("without a mention")).status).toBe(201);
  });

  test("of too many people is refused", async () => {
    const dashboard = await makeDashboard(stage, stage.editor);
    const body = Array.from({ length: 21 }, (_, n) => `@[N](u${n})`).join(" ");
    const answer = await stage.editor.ask("POST", `${dashboard}/comments`, { body });
    expectProblem(answer, 422, "too_many_mentions");
  });
});

test("a deleted account is shown as a former member", async () => {
  const other = await makeStage();
  const dashboard = await makeDashboard(other, other.owner);
  await say(other.viewer, dashboard, `bye @[N](${other.editor.id})`);
  await env.CONTROL.prepare("DELETE FROM users WHERE id IN (?1, ?2)")
    .bind(other.viewer.id, other.editor.id)
    .run();
  const [comment] = (await read(other.owner, dashboard)).data;
  expect(comment?.author.name).toBe("Former member");
  expect(comment?.mentions).toEqual([{ user_id: other.editor.id, name: "Former member" }]);
});

test("the cost of a page of threads does not depend on the length of the discussion", async () => {
  const dashboard = await makeDashboard(stage, stage.editor);
  const id = dashboard.split("/").at(-1) ?? "";
  // 200 threads of nine replies.
  await env.CONTROL.prepare(
    `WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 1999)
     INSERT INTO comments (id, dashboard_id, parent_id, author, body, mentions, created_at)
     SELECT ?1 || i, ?1, CASE WHEN i % 10 THEN ?1 || (i - i % 10) END, ?2, 'b', '[]', i FROM n`,
  )
    .bind(id, stage.viewer.id)
    .run();
  const { db, rows } = countRows(env.CONTROL);
  const { data, next_cursor } = await listComments(db, id, { widget: null, resolved: null }, { limit: 10 });
  expect(data).toHaveLength(100);
  expect(data.slice(0, 2).map((comment) => comment.id)).toEqual([`${id}1990`, `${id}1991`]);
  expect(next_cursor).toMatch(/^1900_/);
  // Eleven threads of ten, each read with its author; the whole discussion has 2,000.
  expect(rows()).toBeGreaterThan(100);
  expect(rows()).toBeLessThan(1000);
});
