import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it } from "vitest";
import { definitionsOf } from "../../../../worker/workspace/dashboards";
import { formula, makeColleague, makeOwner, number, type Owner } from "./make-content";

let owner: Owner;
let editor: Owner;
let viewer: Owner;

beforeAll(async () => {
  owner = await makeOwner();
  editor = await makeColleague(owner, "editor");
  viewer = await makeColleague(owner, "viewer");
});

const SIGNUPS = {
  name: "signups",
  label: "Sign-ups",
  rule: {
    kind: "aggregate",
    dataset: "events",
    aggregation: "count",
    filters: { dimension: "event:name", op: "eq", value: "signup" },
  },
};

describe("a metric", () => {
  it("is defined, read, changed and removed", async () => {
    const made = await owner.metrics("POST", "", SIGNUPS);
    expect(made).toMatchObject({
      status: 201,
      data: { name: "signups", unit: "count", version: 1, verified: false, sharing: "organization" },
    });
    const rate = await editor.metrics("POST", "", formula("signup_rate", "signups / events.visitors"));
    expect(rate.data).toMatchObject({ unit: "ratio", description: "", good: "up" });
    expect((await viewer.metrics("GET", "")).data.data).toMatchObject([
      { name: "signup_rate" },
      { name: "signups" },
    ]);
    const changed = await owner.metrics("PATCH", `/${rate.data.id}`, { version: 1, label: "Rate" });
    expect(changed.data).toMatchObject({ label: "Rate", version: 2 });
    expect((await owner.metrics("DELETE", `/${rate.data.id}`)).status).toBe(204);
    expect((await owner.metrics("GET", `/${rate.data.id}`)).status).toBe(404);
  });

  it("changes only from its current version", async () => {
    const { data } = await owner.metrics("POST", "", formula("versioned", "events.events"));
    expect((await editor.metrics("PATCH", `/${data.id}`, { version: 1, label: "A" })).status).toBe(200);
    const late = await owner.metrics("PATCH", `/${data.id}`, { version: 1, label: "B" });
    expect(late.status).toBe(409);
    expect(late.data).toMatchObject({ code: "version_conflict", errors: [{ path: "version" }] });
    expect(late.data.detail).toContain("version 2");
    const both = await Promise.all(
      ["C", "D"].map((label) => owner.metrics("PATCH", `/${data.id}`, { version: 2, label })),
    );
    expect(both.map(({ status }) => status).sort()).toEqual([200, 409]);
  });

  it("is refused with the position of the error", async () => {
    const unknown = await owner.metrics("POST", "", formula("wrong", "events.visitors / singups"));
    expect(unknown).toMatchObject({ status: 422, data: { errors: [{ path: "rule.formula" }] } });
    expect(unknown.data.detail).toContain("singups");
    const syntax = await owner.inProject("POST", "/metrics/check", formula("wrong", "1 +"));
    expect(syntax.data).toMatchObject({
      unit: null,
      errors: [{ path: "rule.formula", code: "definition_syntax", at: 3, end: 3 }],
    });
    const fine = await owner.inProject(
      "POST",
      "/metrics/check",
      formula("fine", "events.pageviews / events.visitors"),
    );
    expect(fine.data).toEqual({
      unit: "ratio",
      format: "percent",
      datasets: ["events"],
      explanation: "events.pageviews / events.visitors.",
      errors: [],
    });
    const field = await owner.inProject("POST", "/metrics/check", {
      name: "x",
      label: "x",
      rule: { ...SIGNUPS.rule, filters: { dimension: "event:nam", op: "eq", value: "x" } },
    });
    expect(field.data.errors[0]).toMatchObject({ code: "unknown_name" });
    expect((await owner.metrics("POST", "", formula("Bad Name", "1"))).status).toBe(400);
  });

  it("has a unique name", async () => {
    await owner.metrics("POST", "", formula("taken", "events.events"));
    const again = await editor.metrics("POST", "", formula("taken", "events.visitors"));
    expect(again).toMatchObject({ status: 409, data: { errors: [{ path: "name" }] } });
  });

  it("is written by editors, verified by admins, and the verification ends with the rule", async () => {
    expect((await viewer.metrics("POST", "", formula("nope", "1"))).data.code).toBe("insufficient_role");
    const { data } = await owner.metrics("POST", "", formula("verified", "events.events"));
    const refused = await editor.metrics("PATCH", `/${data.id}`, { version: 1, verified: true });
    expect([refused.status, refused.data.code]).toEqual([403, "insufficient_role"]);
    const yes = await owner.metrics("PATCH", `/${data.id}`, { version: 1, verified: true });
    expect(yes.data.verified).toBe(true);
    const label = await editor.metrics("PATCH", `/${data.id}`, { version: 2, label: "Other" });
    expect(label.data.verified).toBe(true);
    const rule = { kind: "formula", formula: "events.visitors" };
    expect((await editor.metrics("PATCH", `/${data.id}`, { version: 3, rule })).data.verified).toBe(false);
  });
});

describe("uses of a metric", () => {
  it("prevent deleting, renaming and hiding it, and are listed", async () => {
    const below = await owner.metrics("POST", "", formula("below", "events.events"));
    const above = await owner.metrics("POST", "", formula("above", "below / events.visitors"));
    const board = await owner.dashboards("POST", "", {
      name: "Uses below",
      widgets: [number("one", { metrics: ["metric:below"] })],
    });
    expect(board.status).toBe(201);
    const uses = await owner.metrics("GET", `/${below.data.id}/uses`);
    expect(uses.data.data).toEqual([
      { kind: "metric", id: above.data.id, name: "above", project_id: null },
      { kind: "dashboard", id: board.data.id, name: "Uses below", project_id: owner.project },
    ]);
    const removed = await owner.metrics("DELETE", `/${below.data.id}`);
    expect(removed).toMatchObject({
      status: 409,
      data: { code: "metric_in_use", errors: [{ code: "metric_in_use" }, {}] },
    });
    for (const change of [{ name: "renamed" }, { sharing: "private" }]) {
      const refused = await owner.metrics("PATCH", `/${below.data.id}`, { version: 1, ...change });
      expect(refused.status).toBe(409);
    }
  });

  it("follow its unit, and must stay valid", async () => {
    const { data } = await owner.metrics("POST", "", formula("base", "events.events"));
    const { data: up } = await owner.metrics("POST", "", formula("up", "base + events.visitors"));
    const loop = await owner.metrics("PATCH", `/${data.id}`, {
      version: 1,
      rule: { kind: "formula", formula: "up * 2" },
    });
    expect(loop.status).toBe(422);
    const ms = await owner.metrics("PATCH", `/${data.id}`, {
      version: 1,
      rule: { kind: "formula", formula: "sessions.session_duration_ms" },
    });
    expect(ms).toMatchObject({ status: 422, data: { errors: [{ path: "rule" }] } });
    expect(ms.data).toMatchObject({ code: "metric_breaks_others", errors: [{ path: "rule" }] });
    await owner.metrics("PATCH", `/${up.id}`, { version: 1, rule: { kind: "formula", formula: "base * 2" } });
    await owner.metrics("PATCH", `/${data.id}`, {
      version: 1,
      rule: { kind: "formula", formula: "sessions.session_duration_ms" },
    });
    expect((await owner.metrics("GET", `/${up.id}`)).data.unit).toBe("ms");
  });

  it("are loaded with it, through all levels", async () => {
    await owner.metrics("POST", "", formula("first", "events.events"));
    await owner.metrics("POST", "", formula("second", "first * 2"));
    await owner.metrics("POST", "", formula("third", "second / first"));
    const rules = await definitionsOf(env.CONTROL, { organization: owner.organization, user: null }, [
      "third",
    ]);
    expect(Object.keys(rules).sort()).toEqual(["first", "second", "third"]);
    expect(await definitionsOf(env.CONTROL, { organization: "other", user: null }, ["third"])).toEqual({});
  });
});

describe("a private metric", () => {
  it("is visible only to its owner, and its name is not revealed", async () => {
    const { data } = await editor.metrics(
      "POST",
      "",
      formula("secret", "events.events", { sharing: "private" }),
    );
    const names = (answer: { data: { data: { name: string }[] } }) =>
      answer.data.data.map(({ name }) => name);
    expect(names(await editor.metrics("GET", ""))).toContain("secret");
    expect(names(await owner.metrics("GET", ""))).not.toContain("secret");
    for (const [method, body] of [["GET"], ["DELETE"], ["PATCH", { version: 1, label: "x" }]] as const) {
      expect((await owner.metrics(method, `/${data.id}`, body)).status).toBe(404);
    }
    const same = await owner.metrics(
      "POST",
      "",
      formula("secret", "events.visitors", { sharing: "private" }),
    );
    expect(same.status).toBe(201);
    const widgets = [number("one", { metrics: ["metric:secret"] })];
    const open = await editor.dashboards("POST", "", { name: "Open", widgets });
    expect(open).toMatchObject({
      status: 422,
      data: { errors: [{ path: "widgets.0.query.metrics.0", code: "metric_private" }] },
    });
    const closed = await editor.dashboards("POST", "", { name: "Mine", widgets, sharing: "private" });
    expect(closed.status).toBe(201);
  });
});

it("templates are valid, and include the metrics they need", async () => {
  const { data } = await owner.api("GET", "/metric-templates");
  const fresh = await makeOwner();
  for (const { needs, ...template } of data.data) {
    const there = (await fresh.metrics("GET", "")).data.data.map(({ name }: { name: string }) => name);
    expect(there).toEqual(expect.arrayContaining(needs));
    const made = await fresh.metrics("POST", "", template);
    expect([template.name, made.status, made.data.detail]).toEqual([template.name, 201, undefined]);
  }
  expect(data.data.length).toBeGreaterThan(10);
});
