import { beforeAll, describe, expect, test } from "vitest";
import { type Annotation, annotationListSchema, annotationSchema } from "../../../../schema/wire/discussion";
import { expectProblem, makeStage, type Person, type Stage } from "./stage";

let stage: Stage;
beforeAll(async () => {
  stage = await makeStage();
});

const add = async (person: Person, body: object): Promise<Annotation> => {
  const answer = await person.ask("POST", "/annotations", body);
  expect(answer.status).toBe(201);
  return annotationSchema.parse(answer.data);
};
const read = async (person: Person, query = "") => {
  const answer = await person.ask("GET", `/annotations${query}`);
  expect(answer.status).toBe(200);
  return annotationListSchema.parse(answer.data);
};

test("are listed by overlapping range, half-open, newest first, by pages", async () => {
  const own = await makeStage();
  const note = (text: string, at: number, until?: number) => add(own.editor, { text, at, until });
  for (const [text, at, until] of [
    ["before", 99],
    ["start", 100],
    ["end", 200],
    ["ends at the start", 50, 100],
    ["reaches in", 50, 101],
    ["around", 0, 1000],
    ["inside", 150],
  ] as const) {
    await note(text, at, until);
  }
  const texts = async (query: string) => (await read(own.viewer, query)).data.map(({ text }) => text);
  const within = ["inside", "start", "reaches in", "around"];
  expect(await texts("?from=100&to=200")).toEqual(within);
  expect(await texts("")).toHaveLength(7);
  const paged: string[] = [];
  let cursor: string | null = "";
  while (cursor !== null) {
    const query = `?from=100&to=200&limit=3${cursor && `&cursor=${cursor}`}`;
    const page: Awaited<ReturnType<typeof read>> = await read(own.viewer, query);
    paged.push(...page.data.map(({ text }) => text));
    cursor = page.next_cursor;
  }
  expect(paged).toEqual(within);
});

describe("sharing", () => {
  test("requires an editor; everyone can write private ones, visible only to them", async () => {
    const shared = { at: 1, text: "Release 2" };
    expectProblem(await stage.viewer.ask("POST", "/annotations", shared), 403, "insufficient_role");
    const mine = await add(stage.viewer, { ...shared, sharing: "private" });
    const theirs = await add(stage.editor, { ...shared, kind: "release" });
    expect(theirs).toMatchObject({
      kind: "release",
      sharing: "organization",
      until: null,
      author: { user_id: stage.editor.id, name: stage.editor.name },
    });
    const idsOf = async (person: Person) => (await read(person)).data.map(({ id }) => id).sort();
    expect(await idsOf(stage.viewer)).toEqual([mine.id, theirs.id].sort());
    for (const person of [stage.owner, stage.admin, stage.editor]) {
      expect(await idsOf(person)).toEqual([theirs.id]);
      expectProblem(await person.ask("PATCH", `/annotations/${mine.id}`, { text: "x" }), 404, "not_found");
      expectProblem(await person.ask("DELETE", `/annotations/${mine.id}`), 404, "not_found");
    }
    const share = await stage.viewer.ask("PATCH", `/annotations/${mine.id}`, { sharing: "organization" });
    expectProblem(share, 403, "insufficient_role");
  });

  test("a token with the scope annotates, one without does not", async () => {
    const token = async (scopes: string[]) =>
      (
        await stage.editor.call("POST", "/api/v1/tokens", {
          token: stage.editor.token,
          body: { name: "ci", scopes },
        })
      ).data.token as string;
    const body = { at: 1, text: "Deployed" };
    const path = `/api/v1/projects/${stage.project}/annotations`;
    const writer = await token(["content:write"]);
    expect((await stage.editor.call("POST", path, { token: writer, body })).status).toBe(201);
    const reader = await token(["content:read"]);
    expectProblem(await stage.editor.call("POST", path, { token: reader, body }), 403, "insufficient_scope");
  });
});

describe("changing", () => {
  test("is for the author and for admins, and changes only given fields", async () => {
    const made = await add(stage.editor, { at: 10, until: 20, text: "Sale", kind: "campaign" });
    const path = `/annotations/${made.id}`;
    expectProblem(await stage.viewer.ask("PATCH", path, { text: "x" }), 403, "annotation_not_own");
    expectProblem(await stage.viewer.ask("DELETE", path), 403, "annotation_not_own");
    const changed = await stage.admin.ask("PATCH", path, { text: "Big sale" });
    expect(changed.data).toEqual({ ...made, text: "Big sale" });
    expect((await read(stage.viewer)).data).toContainEqual(changed.data);
    const moment = await stage.editor.ask("PATCH", path, { until: null });
    expect(moment.data.until).toBe(null);
    expectProblem(await stage.admin.ask("PATCH", path, { sharing: "private" }), 403, "annotation_not_own");
    expect((await stage.editor.ask("PATCH", path, { sharing: "private" })).data.sharing).toBe("private");
    expect((await stage.editor.ask("DELETE", path)).status).toBe(204);
    expectProblem(await stage.editor.ask("DELETE", path), 404, "not_found");
  });

  test("a range that ends before it starts is refused, on creation and on change", async () => {
    const backwards = { at: 10, until: 10, text: "x" };
    expectProblem(await stage.editor.ask("POST", "/annotations", backwards), 422, "annotation_range_empty");
    const made = await add(stage.editor, { at: 10, until: 20, text: "x" });
    const moved = await stage.editor.ask("PATCH", `/annotations/${made.id}`, { at: 30 });
    expectProblem(moved, 422, "annotation_range_empty");
  });

  test("another project's annotation is not found", async () => {
    const made = await add(stage.editor, { at: 1, text: "here" });
    const { data } = await stage.owner.call("POST", "/api/v1/projects", {
      token: stage.owner.token,
      body: { name: "Second" },
    });
    const path = `/api/v1/projects/${data.id}/annotations/${made.id}`;
    const token = stage.owner.token;
    expectProblem(await stage.owner.call("DELETE", path, { token }), 404, "not_found");
    expectProblem(await stage.owner.call("PATCH", path, { token, body: { at: 2 } }), 404, "not_found");
  });
});
