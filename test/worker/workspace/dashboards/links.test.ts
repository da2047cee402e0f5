import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it, test } from "vitest";
import { api } from "../../../../worker/api/app";
import { describe as describeApp } from "../../../../worker/api/describe/document";
import { exampleOf } from "../../../../worker/api/describe/example";
import { listRoutes } from "../../../../worker/api/route";
import { MINUTE_MS } from "../../../../worker/lib/time";
import { makeClient } from "../../../support/client";
import { makeRow } from "../../../support/make-row";
import { pushRows } from "../../../support/query-data";
import { makeColleague, makeOwner, number, type Owner } from "./make-content";

const now = Date.now();
let owner: Owner;
let dashboard: string;
const anonymous = makeClient();

const PEOPLE = { DE: 8, FR: 6, IT: 3, ES: 2 };
const pageviews = { dataset: "sessions", metrics: ["pageviews"] };
const widgets = [
  number("all", { dataset: "sessions", metrics: ["visitors"] }),
  { ...number("countries", { ...pageviews, dimensions: ["visit:country"], limit: 50 }), kind: "table" },
  { ...number("lines", { ...pageviews, dimensions: ["visit:country"] }), kind: "line" },
  number("spain", { ...pageviews, filters: { dimension: "visit:country", op: "eq", value: "ES" } }),
  number("lake", { ...pageviews, filters: { dimension: "property:plan", op: "eq", value: "pro" } }),
  number("few", { metrics: ["metric:views_in_spain"] }),
  number("defined", { metrics: ["metric:views_each"] }),
  { ...number("text", {}), kind: "text", text: "Hello", query: undefined },
];

beforeAll(async () => {
  owner = await makeOwner();
  const rows = Object.entries(PEOPLE).flatMap(([country, people]) =>
    Array.from({ length: people }, (_, i) =>
      makeRow({
        ...{ project_id: owner.project, event_id: `${country}-${i}`, timestamp: now - MINUTE_MS },
        ...{ visitor_id: `${country}-${i}`, country },
      }),
    ),
  );
  await pushRows(rows, now);
  await owner.metrics("POST", "", {
    ...{ name: "views_each", label: "Views each" },
    rule: { kind: "formula", formula: "sessions.pageviews / sessions.visitors" },
  });
  await owner.metrics("POST", "", {
    ...{ name: "views_in_spain", label: "Views in Spain" },
    rule: {
      ...{ kind: "aggregate", dataset: "sessions", aggregation: "count" },
      filters: { dimension: "visit:country", op: "eq", value: "ES" },
    },
  });
  const filters = { dimension: "event:name", op: "eq", value: "page_view" };
  const { data } = await owner.dashboards("POST", "", { name: "Shown", range: "7d", widgets });
  expect(data.errors).toBeUndefined();
  dashboard = data.id;
  await owner.dashboards("POST", "", { name: "Filtered", filters, widgets: [] });
});

const makeLink = async (body: object = {}) =>
  (await owner.dashboards("POST", `/${dashboard}/links`, body)).data;
const open = (token: string, headers: Record<string, string> = {}) =>
  anonymous("GET", `/api/v1/public/${token}`, { headers });

describe("a link", () => {
  it("is created, listed and revoked", async () => {
    const link = await makeLink({ name: "For the press", embed_in: ["https://example.com"] });
    expect(link).toMatchObject({ name: "For the press", has_password: false, revoked_at: null });
    expect(link.token).toMatch(/^[\w-]{32}$/);
    const { data } = await owner.dashboards("GET", `/${dashboard}/links`);
    expect(data.data[0]).toMatchObject({ id: link.id, name: "For the press" });
    expect(JSON.stringify(data)).not.toContain(link.token);
    expect((await open(link.token)).data.embed_in).toEqual(["https://example.com"]);
    const editor = await makeColleague(owner, "editor");
    const path = `/${dashboard}/links/${link.id}`;
    expect((await editor.dashboards("DELETE", path)).status).toBe(404);
    expect((await owner.dashboards("DELETE", path)).status).toBe(204);
    expect((await open(link.token)).status).toBe(404);
    expect((await owner.dashboards("DELETE", path)).status).toBe(404);
  });

  it("is invalid when it expires, and with its dashboard and its project", async () => {
    const over = await makeLink({ expires_at: now - 1 });
    const open404 = await open(over.token);
    const unknown = await open("x".repeat(32));
    expect([open404.status, open404.data]).toEqual([404, unknown.data]);
    const other = await makeOwner();
    const { data: gone } = await other.dashboards("POST", "", { name: "Gone", widgets });
    expect(gone.code).toBe("unknown_name");
    const { data: created } = await other.dashboards("POST", "", { name: "Gone", widgets: [widgets[0]] });
    const { data: link } = await other.dashboards("POST", `/${created.id}/links`, {});
    expect((await open(link.token)).status).toBe(200);
    await other.inProject("DELETE", "?confirm=Shop");
    expect((await open(link.token)).status).toBe(404);
  });

  it("with a password opens after entering it", async () => {
    const link = await makeLink({ password: "open sesame" });
    const closed = await open(link.token);
    expect([closed.status, closed.data.code]).toEqual([401, "password_required"]);
    const unlock = (password: string) =>
      anonymous("POST", `/api/v1/public/${link.token}/unlock`, { body: { password } });
    expect((await unlock("wrong")).data.code).toBe("invalid_credentials");
    const { data, headers } = await unlock("open sesame");
    const cookie = headers.get("set-cookie")?.split(";")[0] ?? "";
    expect(headers.get("set-cookie")).toContain("HttpOnly");
    expect((await open(link.token, { cookie })).status).toBe(200);
    expect((await open(link.token, { "x-unlock": data.unlocked })).status).toBe(200);
    const other = await makeLink({ password: "open sesame" });
    const proofs: Record<string, string>[] = [
      { cookie },
      { "x-unlock": data.unlocked },
      { "x-unlock": "a.b.c" },
    ];
    for (const headers of proofs) {
      expect((await open(other.token, headers)).status).toBe(401);
    }
    expect(JSON.stringify(await env.CONTROL.prepare("SELECT * FROM links").all())).not.toContain("sesame");
  });
});

describe("the public page", () => {
  it("shows numbers from rollups, with small groups folded, and no queries", async () => {
    const link = await makeLink();
    const { status, data, headers } = await open(link.token);
    expect(status).toBe(200);
    const { results } = data;
    expect(results.all.totals.visitors).toBe(19);
    expect(results.countries.rows).toEqual([
      ["DE", 8],
      ["FR", 6],
      ["(other)", 5],
    ]);
    const named = new Set(results.lines.rows.map((row: unknown[]) => row[1]));
    expect([...named]).toEqual(["DE", "FR", "(other)"]);
    expect(results.spain).toMatchObject({
      code: "group_too_small",
      detail: expect.stringContaining("fewer than 5"),
    });
    expect(results.few).toEqual(results.spain);
    expect(results.lake).toMatchObject({ code: "budget_exceeded" });
    expect(results.defined.totals["metric:views_each"]).toBe(1);
    expect(data.dashboard).toMatchObject({ name: "Shown", widgets: { length: widgets.length } });
    expect(JSON.stringify(data)).not.toMatch(/"ES"|"IT"|filters|created_by|project_id|formula|property:plan/);
    expect(headers.get("x-answer")).toBe("made");
    await expect.poll(async () => (await open(link.token)).headers.get("x-answer")).toBe("kept");
  });

  it("is limited to the link's range and filters", async () => {
    const old = await makeLink({ range: { from: "2020-01-01", to: "2020-02-01" } });
    expect((await open(old.token)).data).toMatchObject({
      dashboard: { range: { from: "2020-01-01", to: "2020-02-01" } },
      results: { all: { totals: { visitors: 0 } } },
    });
    const german = await makeLink({ filters: { dimension: "visit:country", op: "eq", value: "DE" } });
    const { data } = await open(german.token);
    expect(data.results.all.totals.visitors).toBe(8);
    expect(data.results.countries.rows).toEqual([["DE", 8]]);
  });

  it("reflects changes of the dashboard", async () => {
    const link = await makeLink();
    await open(link.token);
    const { data } = await owner.dashboards("GET", `/${dashboard}`);
    await owner.dashboards("PATCH", `/${dashboard}`, { version: data.version, name: "Renamed" });
    expect((await open(link.token)).data.dashboard.name).toBe("Renamed");
  });
});

test("a link's token is valid only for its two routes", async () => {
  const { token } = await makeLink({ password: "open sesame" });
  const { data: proof } = await anonymous("POST", `/api/v1/public/${token}/unlock`, {
    body: { password: "open sesame" },
  });
  const document = describeApp(api);
  const routes = listRoutes(api).filter(({ access }) => access !== "link");
  expect(routes.length).toBeGreaterThan(50);
  const known: Record<string, string> = { project: owner.project, id: owner.project, dashboard, token };
  known.organization = owner.organization;
  const proofs: Record<string, string>[] = [token, proof.unlocked].flatMap(
    (secret: string): Record<string, string>[] => [
      { authorization: `Bearer ${secret}` },
      { cookie: `selvedge_session=${secret}; __Host-selvedge_session=${secret}` },
      { "x-api-key": secret },
      { "x-unlock": secret },
    ],
  );
  for (const { method, path, access } of routes) {
    if (path.includes("/ws/")) continue;
    const content = document.paths[path]?.[method]?.requestBody?.content;
    const schema = content && Object.values(content)[0]?.schema;
    const url = `${path.replaceAll(/{(\w+)}/g, (_, name) => known[name] ?? "x")}?key=${token}&token=${token}&confirm=Shop`;
    for (const headers of proofs) {
      const { status } = await makeClient()(method.toUpperCase(), url, {
        headers,
        body: schema && exampleOf(schema),
      });
      if (access === "anyone") continue;
      expect([method, path, headers, status]).toEqual([method, path, headers, 401]);
    }
  }
});
