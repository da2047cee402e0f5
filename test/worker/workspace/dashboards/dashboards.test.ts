import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it } from "vitest";
import { dashboardTemplateSchema } from "../../../../schema/wire/dashboard";
import { MINUTE_MS } from "../../../../worker/lib/time";
import { makeRow } from "../../../support/make-row";
import { pushRows } from "../../../support/query-data";
import { formula, makeColleague, makeOwner, number, type Owner } from "./make-content";

const now = Date.now();
let owner: Owner;
let editor: Owner;
let viewer: Owner;

const EVENTS = { dataset: "events", metrics: ["events"] };

beforeAll(async () => {
  owner = await makeOwner();
  editor = await makeColleague(owner, "editor");
  viewer = await makeColleague(owner, "viewer");
  const row = (id: string, event_name: string, country: string) =>
    makeRow({
      ...{ project_id: owner.project, event_id: id, timestamp: now - MINUTE_MS },
      ...{ visitor_id: `v-${id}`, event_name, country },
    });
  await pushRows(
    [
      row("a", "page_view", "DE"),
      row("b", "page_view", "FR"),
      row("c", "signup", "DE"),
      row("d", "page_view", "DE"),
    ],
    now,
  );
});

describe("a dashboard", () => {
  it("is created, listed, read, changed, copied and removed", async () => {
    const made = await owner.dashboards("POST", "", { name: "First", widgets: [number("n", EVENTS)] });
    expect(made).toMatchObject({
      status: 201,
      data: {
        name: "First",
        slug: "first",
        range: "30d",
        compare: "previous",
        version: 1,
        sharing: "organization",
      },
    });
    const { id } = made.data;
    const { data: listed } = await viewer.dashboards("GET", "");
    expect(listed.data).toMatchObject([{ id, name: "First", widgets: 1, description: "" }]);
    expect((await viewer.dashboards("GET", `/${id}`)).data).toEqual(made.data);
    const changed = await editor.dashboards("PATCH", `/${id}`, { version: 1, name: "Renamed" });
    expect(changed.data).toMatchObject({
      name: "Renamed",
      slug: "first",
      version: 2,
      widgets: made.data.widgets,
    });
    const copy = await editor.dashboards("POST", `/${id}/duplicate`);
    expect(copy.data).toMatchObject({
      ...{ name: "Renamed (copy)", slug: "renamed-copy", version: 1, widgets: made.data.widgets },
      created_by: editor.account.user.id,
    });
    expect((await owner.dashboards("DELETE", `/${copy.data.id}`)).status).toBe(204);
    expect((await owner.dashboards("GET", `/${copy.data.id}`)).status).toBe(404);
    expect((await viewer.dashboards("DELETE", `/${id}`)).data.code).toBe("insufficient_role");
  });

  it("changes only from its current version", async () => {
    const { data } = await owner.dashboards("POST", "", { name: "Versions" });
    const both = await Promise.all(
      ["A", "B"].map((name) => owner.dashboards("PATCH", `/${data.id}`, { version: 1, name })),
    );
    expect(both.map(({ status }) => status).sort()).toEqual([200, 409]);
    const late = await editor.dashboards("PATCH", `/${data.id}`, { version: 1, name: "C" });
    expect(late.data).toMatchObject({ code: "version_conflict", errors: [{ path: "version" }] });
    expect(late.data.detail).toContain("version 2");
  });

  it("preserves its filters until they are removed", async () => {
    const filters = { dimension: "visit:country", op: "eq", value: "DE" };
    const { data } = await owner.dashboards("POST", "", { name: "Germany", filters });
    const renamed = await owner.dashboards("PATCH", `/${data.id}`, { version: 1, name: "Deutschland" });
    expect(renamed.data.filters).toEqual(filters);
    await owner.dashboards("PATCH", `/${data.id}`, { version: 2, filters: null });
    expect((await owner.dashboards("GET", `/${data.id}`)).data).not.toHaveProperty("filters");
  });

  it("has a unique slug while it is shared", async () => {
    const names = ["Über uns!", "Uber uns", "???"];
    const slugs = [];
    for (const name of names) slugs.push((await owner.dashboards("POST", "", { name })).data.slug);
    expect(slugs).toEqual(["uber-uns", "uber-uns-2", "dashboard"]);
    const { data } = await owner.dashboards("POST", "", { name: "Uber uns", sharing: "private" });
    expect(data.slug).toBeNull();
    const shared = await owner.dashboards("PATCH", `/${data.id}`, { version: 1, sharing: "organization" });
    expect(shared.data.slug).toBe("uber-uns-3");
    const hidden = await owner.dashboards("PATCH", `/${data.id}`, { version: 2, sharing: "private" });
    expect(hidden.data.slug).toBeNull();
  });

  it("that is private is visible only to its owner", async () => {
    const { data } = await editor.dashboards("POST", "", { name: "Secret", sharing: "private" });
    for (const [method, path, body] of [
      ["GET", "", undefined],
      ["PATCH", "", { version: 1, name: "x" }],
      ["DELETE", "", undefined],
      ["POST", "/duplicate", undefined],
      ["POST", "/results", {}],
      ["GET", "/links", undefined],
      ["POST", "/links", {}],
    ] as const) {
      expect([method, path, (await owner.dashboards(method, `/${data.id}${path}`, body)).status]).toEqual([
        ...[method, path, 404],
      ]);
    }
    const { data: listed } = await owner.dashboards("GET", "");
    expect(listed.data.map(({ id }: { id: string }) => id)).not.toContain(data.id);
    const { data: open } = await editor.dashboards("POST", "", { name: "Open" });
    const taken = await owner.dashboards("PATCH", `/${open.id}`, { version: 1, sharing: "private" });
    expect([taken.status, taken.data.code]).toEqual([403, "author_required"]);
  });

  it("is refused with the position of every unknown name", async () => {
    const widgets = [
      number("fine", EVENTS),
      number("metric", { ...EVENTS, metrics: ["evnts"] }),
      number("dimension", { ...EVENTS, dimensions: ["visit:cuntry"] }),
      number("dataset", { ...EVENTS, dataset: "evts" }),
      number("filter", { ...EVENTS, filters: { dimension: "event:nam", op: "eq", value: 1 } }),
      number("defined", { metrics: ["metric:nothing"] }),
    ];
    const { status, data } = await owner.dashboards("POST", "", { name: "Wrong", widgets });
    expect([status, data.code]).toEqual([422, "unknown_name"]);
    expect(data.errors.map(({ path }: { path: string }) => path)).toEqual([
      "widgets.1.query.metrics.0",
      "widgets.2.query.dimensions.0",
      "widgets.3.query.dataset",
      expect.stringMatching(/^widgets\.4\.query\.filters/),
      "widgets.5.query.metrics.0",
    ]);
    expect(data.detail).toContain("did you mean `events`?");
    const filters = { dimension: "visit:contry", op: "eq", value: "DE" };
    const filtered = await owner.dashboards("POST", "", { name: "Wrong", filters, widgets: [widgets[0]] });
    expect(filtered.data.errors[0].path).toMatch(/^filters/);
    const range = { from: "2026-02-02", to: "2026-01-01" };
    const ranged = await owner.dashboards("POST", "", { name: "Wrong", range, widgets: [widgets[0]] });
    expect(ranged.data.errors[0].path).toMatch(/^range/);
    const twice = await owner.dashboards("POST", "", { name: "Twice", widgets: [widgets[0], widgets[0]] });
    expect(twice.status).toBe(400);
  });

  it("is deleted with its project", async () => {
    const gone = await makeOwner();
    const { data } = await gone.dashboards("POST", "", { name: "Gone" });
    expect((await gone.inProject("DELETE", "?confirm=Shop")).status).toBe(204);

    const row = await env.CONTROL.prepare("SELECT id FROM dashboards WHERE id = ?1").bind(data.id).first();
    expect(row).toBeNull();
  });
});

describe("results", () => {
  it("returns all widgets at once, cached until the data changes", async () => {
    await owner.metrics("POST", "", {
      ...{ name: "sign_ups", label: "Sign-ups" },
      rule: {
        ...{ kind: "aggregate", dataset: "events", aggregation: "count" },
        filters: { dimension: "event:name", op: "eq", value: "signup" },
      },
    });
    await owner.metrics("POST", "", formula("sign_up_rate", "sign_ups / events.events"));
    const { data } = await owner.dashboards("POST", "", {
      ...{ name: "Numbers", range: "24h" },
      widgets: [
        number("events", EVENTS),
        number("rate", { metrics: ["metric:sign_up_rate"] }),
        { ...number("countries", { ...EVENTS, dimensions: ["visit:country"] }), kind: "pie" },
        number("own", { ...EVENTS, range: "yesterday" }),
        { ...number("text", {}), kind: "text", text: "Hello", query: undefined },
      ],
    });
    const first = await viewer.dashboards("POST", `/${data.id}/results`, {});
    expect(first.status).toBe(200);
    const { results, version, timezone } = first.data;
    expect([version, timezone]).toEqual([1, "UTC"]);
    expect(results.events.totals).toEqual({ events: 4, "previous:events": 0 });
    expect(results.rate.totals["metric:sign_up_rate"]).toBe(0.25);
    expect(results.countries.rows).toEqual([
      ["DE", 3],
      ["FR", 1],
    ]);
    expect(results.own.totals.events).toBe(0);
    expect(results).not.toHaveProperty("text");
    await expect
      .poll(async () => (await viewer.dashboards("POST", `/${data.id}/results`, {})).headers.get("x-answer"))
      .toBe("kept");
    const german = { dimension: "visit:country", op: "eq", value: "DE" };
    const other = await viewer.dashboards("POST", `/${data.id}/results`, {
      filters: german,
      compare: "none",
    });
    expect(other.data.results.events.totals).toEqual({ events: 3 });
    const preview = await viewer.dashboards("POST", `/${data.id}/results`, {
      ...{ compare: "none", widgets: [number("new", { ...EVENTS, metrics: ["pageviews"] })] },
    });
    expect(preview.data.results).toMatchObject({ new: { totals: { pageviews: 3 } } });
  });

  it("returns the others when one is refused", async () => {
    const { data } = await owner.dashboards("POST", "", { name: "Half", widgets: [number("good", EVENTS)] });
    const widgets = [number("good", EVENTS), number("bad", { ...EVENTS, metrics: ["evnts"] })];
    const { data: answer } = await owner.dashboards("POST", `/${data.id}/results`, { widgets });
    expect(answer.results.good.totals.events).toBe(4);
    expect(answer.results.bad).toMatchObject({ status: 422, code: "unknown_name" });
  });

  it("is the same as in a query and a batch", async () => {
    const query = { metrics: ["metric:sign_up_rate"], range: "24h" };
    const alone = await owner.api("POST", `/query/${owner.project}`, query);
    const batch = await owner.api("POST", `/query/${owner.project}/batch`, { queries: { one: query } });
    expect(alone.data.rows).toEqual([[0.25]]);
    expect(batch.data.results.one.rows).toEqual(alone.data.rows);
    const inline = { define: { sign_up_rate: { kind: "formula", formula: "sign_ups * 2" } } };
    const preview = await owner.api("POST", `/query/${owner.project}`, { ...query, ...inline });
    expect(preview.data.rows).toEqual([[2]]);
  });
});

describe("templates", () => {
  it("create dashboards all of whose widgets have results", async () => {
    const fresh = await makeOwner();
    const { data } = await fresh.api("GET", "/dashboard-templates");
    expect(data.data).toHaveLength(13);
    for (const template of data.data) {
      expect(dashboardTemplateSchema.parse(template)).toEqual(template);
      const made = await fresh.dashboards("POST", "", { template: template.id });
      expect([template.id, made.status, made.data.errors]).toEqual([template.id, 201, undefined]);
      expect(made.data).toMatchObject({ name: template.content.name, slug: expect.any(String) });
      const { data: answer } = await fresh.dashboards("POST", `/${made.data.id}/results`, {});
      for (const widget of template.content.widgets) {
        if (widget.kind === "text") continue;
        expect([template.id, widget.id, answer.results[widget.id]]).toMatchObject([
          ...[template.id, widget.id],
          { columns: expect.any(Array) },
        ]);
      }
    }
    const wrong = await fresh.dashboards("POST", "", { template: "web-overviw" });
    expect(wrong.data.detail).toContain("did you mean `web-overview`?");
  });

  it("do not change existing metrics", async () => {
    const fresh = await makeOwner();
    await fresh.metrics("POST", "", formula("pages_per_session", "events.events"));
    await fresh.dashboards("POST", "", { template: "web-overview", name: "Mine", sharing: "private" });
    const { data } = await fresh.metrics("GET", "");
    expect(data.data).toMatchObject([{ name: "pages_per_session", rule: { formula: "events.events" } }]);
  });

  it("have no overlapping widgets", async () => {
    const { data } = await owner.api("GET", "/dashboard-templates");
    for (const { id, content } of data.data) {
      const taken = new Set<string>();
      for (const { place } of content.widgets) {
        for (let x = place.x; x < place.x + place.w; x++) {
          for (let y = place.y; y < place.y + place.h; y++) {
            expect([id, taken.has(`${x} ${y}`)]).toEqual([id, false]);
            taken.add(`${x} ${y}`);
          }
        }
      }
    }
  });
});

describe("reads", () => {
  /** The test's bindings with a shard that counts its statements. */
  function counting() {
    let statements = 0;
    const db = new Proxy(env.SHARD_0, {
      get(target, key) {
        if (key !== "prepare") {
          const value: unknown = Reflect.get(target, key);
          return typeof value === "function" ? value.bind(target) : value;
        }
        return (sql: string) => {
          statements++;
          return target.prepare(sql);
        };
      },
    });
    return { bindings: { ...env, SHARD_0: db }, read: () => statements };
  }

  it("happen once for identical queries, however many widgets have them", async () => {
    const query = { dataset: "sessions", metrics: ["sessions"], dimensions: ["visit:channel"], range: "90d" };
    const many = Array.from({ length: 20 }, (_, i) => number(`w${i}`, query));
    const asked = async (widgets: object[], name: string) => {
      const { data } = await owner.dashboards("POST", "", { name, widgets });
      const { bindings, read } = counting();
      const path = `/api/v1/projects/${owner.project}/dashboards/${data.id}/results`;
      const { status, data: answer } = await owner.account.call("POST", path, {
        ...{ token: owner.account.token, body: {}, bindings },
      });
      expect([status, Object.keys(answer.results)]).toEqual([200, widgets.map((_, i) => `w${i}`)]);
      return read();
    };
    const one = await asked(many.slice(0, 1), "One");
    expect(one).toBeGreaterThan(1);
    expect(await asked(many, "Twenty")).toBe(one);
  });
});
