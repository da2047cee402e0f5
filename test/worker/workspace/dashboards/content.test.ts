import { beforeAll, describe, expect, it } from "vitest";
import { makeClient } from "../../../support/client";
import { formula, makeColleague, makeOwner, number, type Owner } from "./make-content";

interface File {
  path: string;
  text: string;
}

let owner: Owner;
beforeAll(async () => {
  owner = await makeOwner();
});

const filesOf = async (of: Owner): Promise<File[]> =>
  (await of.inProject("GET", "/content?format=files")).data.files;
const send = (of: Owner, verb: string, files: File[], prune = false) =>
  of.inProject("POST", `/content/${verb}`, { files, prune });

/** The content of a dashboard, without its metadata. */
function said({ name, description, range, compare, filters, widgets }: Record<string, unknown>) {
  return { name, description, range, compare, filters, widgets };
}

describe("a round trip", () => {
  it("gives the same dashboards and their metrics in another organization", async () => {
    const from = await makeOwner();
    const { data: templates } = await from.api("GET", "/dashboard-templates");
    for (const { id } of templates.data) await from.dashboards("POST", "", { template: id });
    const files = await filesOf(from);
    expect(files.filter(({ path }) => path.startsWith("dashboards/"))).toHaveLength(13);
    expect(files[0]?.text).toMatch(/^# yaml-language-server: \$schema=http/);
    expect((await send(from, "diff", files, true)).data).toEqual({ valid: true, faults: [], changes: [] });
    const to = await makeOwner();
    const { data } = await send(to, "apply", files);
    expect(data).toMatchObject({ valid: true, applied: true, faults: [] });
    expect(data.changes).toHaveLength(files.length);
    expect(await filesOf(to)).toEqual(files);
    const bySlug = async (of: Owner) => {
      const { data: list } = await of.dashboards("GET", "");
      const all: Record<string, unknown> = {};
      for (const { id, slug } of list.data) all[slug] = said((await of.dashboards("GET", `/${id}`)).data);
      return all;
    };
    expect(await bySlug(to)).toEqual(await bySlug(from));
    const stream = await from.inProject("GET", "/content");
    expect(stream.headers.get("content-type")).toContain("yaml");
    const whole = [{ path: "all.yaml", text: stream.data }];
    expect((await send(to, "diff", whole, true)).data.changes).toEqual([]);
  });

  it("of one dashboard as YAML or JSON includes its metrics", async () => {
    const from = await makeOwner();
    const made = await from.dashboards("POST", "", { template: "conversion" });
    for (const format of ["yaml", "json"]) {
      const file = await from.dashboards("GET", `/${made.data.id}/export?format=${format}`);
      const text = format === "json" ? JSON.stringify(file.data) : file.data;
      expect(file.headers.get("content-disposition")).toContain(`conversion.${format}`);
      const to = await makeOwner();
      const back = await to.dashboards("POST", "/import", { text });
      expect([back.status, back.data.errors]).toEqual([201, undefined]);
      expect(said(back.data)).toEqual(said(made.data));
      const { data } = await to.metrics("GET", "");
      expect(data.data.map(({ name }: { name: string }) => name)).toContain("conversion_rate");
      expect((await to.dashboards("POST", "/import", { text })).data.slug).toBe("conversion-2");
    }
  });
});

describe("files", () => {
  const DASHBOARD = `kind: dashboard
id: mine
name: Mine
widgets:
  - id: one
    kind: number
    place: { x: 0, y: 0, w: 3, h: 2 }
    query:
      dataset: events
      metrics: [events]
`;
  const changed = (from: string, to: string) => [{ path: "mine.yaml", text: DASHBOARD.replace(from, to) }];

  it.each([
    ["a wrong type", "w: 3", "w: three", 7, 29, "widgets.0.place.w", "expected number"],
    ["a name of nothing", "[events]", "[evnts]", 10, 17, "widgets.0.query.metrics.0", "`events`"],
    ["a missing key", "name: Mine\n", "", 1, 1, "name", "expected string"],
    ["a key too many", "widgets:", "widget: 1\nwidgets:", 4, 9, "widget", "did you mean `widgets`?"],
    ["a wrong choice", "kind: number", "kind: gauge", 6, 11, "widgets.0.kind", '"number"'],
    ["another kind", "kind: dashboard", "kind: board", 1, 7, "kind", "expected"],
    ["no YAML", "place: {", "place: {{", 8, 5, "", ""],
  ])("with %s are refused at the line and column", async (_, from, to, line, column, path, message) => {
    const { data } = await send(owner, "validate", changed(from, to));
    expect(data.valid).toBe(false);
    expect(data.faults[0]).toMatchObject({ file: "mine.yaml", line, path });
    if (path) expect(data.faults[0]).toMatchObject({ column });
    expect(data.faults[0].message).toMatch(new RegExp(message.replaceAll(/[?"]/g, "\\$&"), "i"));
    expect((await send(owner, "apply", changed(from, to))).data).toMatchObject({
      applied: false,
      changes: [],
    });
    const refused = await owner.dashboards("POST", "/import", { text: changed(from, to)[0]?.text });
    expect([refused.status, refused.data.code]).toEqual([422, "file_invalid"]);
    expect(refused.data.detail).toMatch(new RegExp(`^Line ${line}, column `));
  });

  it("with duplicates, or with endless expansion, are refused", async () => {
    const twice = [...changed("", ""), { path: "again.yaml", text: DASHBOARD }];
    const { data } = await send(owner, "validate", twice);
    expect(data.faults).toMatchObject([
      { file: "again.yaml", line: 2, message: expect.stringContaining("another") },
    ]);
    const levels = "abcdefghij".split("");
    const bomb = levels.map(
      (name, i) =>
        `${name}: &${name} [${Array(9)
          .fill(i ? `*${levels[i - 1]}` : "x")
          .join()}]`,
    );
    const { status, data: refused } = await send(owner, "validate", [
      { path: "x.yaml", text: bomb.join("\n") },
    ]);
    expect([status, refused.valid]).toEqual([200, false]);
  });

  it("are compared field by field, and applied without changing ids and comments", async () => {
    const team = await makeOwner();
    await send(team, "apply", changed("", ""));
    const { data: list } = await team.dashboards("GET", "");
    const [{ id }] = list.data;
    const other = changed("name: Mine", "name: Ours");
    const { data } = await send(team, "diff", [
      { ...other[0]!, text: other[0]!.text.replace("w: 3", "w: 4") },
    ]);
    expect(data.changes).toEqual([
      { kind: "dashboard", id: "mine", change: "changed", fields: ["name", "widgets.one.place.w"] },
    ]);
    await send(team, "apply", other);
    expect((await team.dashboards("GET", `/${id}`)).data).toMatchObject({ id, name: "Ours", version: 2 });
    const none = await send(team, "diff", [], true);
    expect(none.data.changes).toEqual([{ kind: "dashboard", id: "mine", change: "deleted", fields: [] }]);
    expect((await send(team, "diff", [])).data.changes).toEqual([]);
    await send(team, "apply", [], true);
    expect((await team.dashboards("GET", `/${id}`)).status).toBe(404);
  });

  it("apply completely or not at all", async () => {
    const team = await makeOwner();
    await team.metrics("POST", "", formula("used", "events.events"));
    await team.dashboards("POST", "", {
      name: "Uses it",
      widgets: [number("one", { metrics: ["metric:used"] })],
    });
    const [metric, dashboard] = (await filesOf(team)).sort((a, b) => b.path.localeCompare(a.path));
    const gone = await send(team, "apply", [dashboard!], true);
    expect(gone.data).toMatchObject({
      applied: false,
      faults: [{ line: 20 }, { file: "metrics/used.yaml" }],
    });
    const broken = { ...metric!, text: metric!.text.replace("events.events", "events.evnts") };
    const { data } = await send(team, "apply", [broken, { path: "new.yaml", text: DASHBOARD }]);
    expect(data).toMatchObject({ applied: false, faults: [{ path: "rule.formula" }] });
    expect((await team.dashboards("GET", "")).data.data).toHaveLength(1);
    const both = await Promise.all(
      ["A", "B"].map((name) =>
        send(team, "apply", [{ path: "n.yaml", text: DASHBOARD.replace("Mine", name) }]),
      ),
    );
    expect(both.map(({ status }) => status).sort()).toEqual([200, 409]);
  });

  it("never contain or change private content", async () => {
    const team = await makeOwner();
    const editor = await makeColleague(team, "editor");
    await editor.metrics("POST", "", formula("secret", "events.events", { sharing: "private" }));
    await editor.dashboards("POST", "", { name: "Secret", sharing: "private" });
    expect(await filesOf(editor)).toEqual([]);
    await send(team, "apply", [], true);
    expect((await editor.dashboards("GET", "")).data.data).toHaveLength(1);
  });

  it("are described by a JSON Schema", async () => {
    const { data } = await makeClient()("GET", "/api/v1/content-schema");
    expect(JSON.stringify(data)).toContain("GRID" in data ? "" : "widgets");
    expect(data.$schema).toContain("json-schema.org");
  });
});
