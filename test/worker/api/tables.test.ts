/** Rows of generic sources, from the upload to the query result. */
import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it } from "vitest";
import { api } from "../../../worker/api/app";
import { buildMarts, describeModels, testModels } from "../../../worker/sources/models";
import { makeAccount } from "../../support/client";
import { LAKE } from "../../support/lake";
import { makeRow } from "../../support/make-row";
import { martRows } from "../../support/mart-stage";
import { pushRows } from "../../support/query-data";

const SYNC = { create: async () => {}, get: async () => ({ terminate: async () => {} }) };
const bindings: Env = Object.assign({}, env, { SYNC });
const stores = { control: env.CONTROL, db: env.SHARD_0, lake: LAKE };
const DAY = 86_400_000;
const field = (name: string, type = "text") => ({ name, from: name, type });
const mapping = (dataset: string, time_field: string | null) => ({
  dataset,
  primary_key: ["id"],
  time_field,
  fields: [field("id"), field("amount", "number"), field("country"), field("at", "time")],
});

type Account = Awaited<ReturnType<typeof makeAccount>>;
let owner: Account;
let project: string;
let organization: string;
let orders: string;

const makeProject = async (account: Account, name: string) => {
  const body = { name, timezone: "UTC" };
  return (await account.call("POST", "/api/v1/projects", { token: account.token, body })).data;
};
async function makeSource(dataset: string | null, time_field: string | null): Promise<string> {
  const settings = dataset === null ? {} : { mapping: mapping(dataset, time_field) };
  const body = { driver: "csv", settings };
  const path = `/api/v1/projects/${project}/sources`;
  const { status, data } = await owner.call("POST", path, { token: owner.token, bindings, body });
  expect(status, JSON.stringify(data)).toBe(201);
  return data.id;
}
async function put(source: string, rows: readonly (readonly unknown[])[], query = "") {
  const text = ["id,amount,country,at", ...rows.map((row) => row.join(","))].join("\n");
  const headers = { authorization: `Bearer ${owner.token}`, "content-type": "text/csv" };
  const path = `/api/v1/projects/${project}/sources/${source}/file${query}`;
  const answer = await api.request(path, { method: "PUT", headers, body: text }, bindings);
  expect(answer.status).toBe(200);
}
const build = () => buildMarts(stores, project, { now: Date.now(), budgetMs: 60_000 });
const iso = (daysAgo: number) => new Date(Date.now() - daysAgo * DAY).toISOString();
const eq = (dimension: string, value: string | number) => ({ dimension, op: "eq", value });

async function ask(query: object, account = owner, of = project) {
  const body = { dataset: "tables", metrics: ["rows"], range: "90d", ...query };
  return account.call("POST", `/api/v1/query/${of}`, { token: account.token, body });
}
async function rowsOf(query: object) {
  const { status, data } = await ask(query);
  expect(status, JSON.stringify(data)).toBe(200);
  return data.rows;
}

beforeAll(async () => {
  owner = await makeAccount();
  ({ id: project, organization_id: organization } = await makeProject(owner, "Shop"));
  orders = await makeSource("orders", "at");
  await put(orders, [
    ["a", 10.5, "DE", iso(1)],
    ["b", 20, "DE", iso(2)],
    ["c", 30, "FR", iso(40)],
    ["d", "", "", iso(3)],
    ["e", 1, "FR", "1971-01-01"],
  ]);
  await put(await makeSource("stock", null), [["x", 1000, "DE", "2001-01-01"]]);
  await makeSource(null, null);
  expect(await build()).toEqual({ done: true });
});

describe("own tables", () => {
  it("are queried by table, field and time", async () => {
    expect(await rowsOf({ dimensions: ["table:name"] })).toEqual([
      ["orders", 4],
      ["stock", 1],
    ]);
    const filters = eq("table:name", "orders");
    expect(await rowsOf({ dimensions: ["property:country"], filters })).toEqual(
      expect.arrayContaining([
        ["DE", 2],
        ["FR", 1],
        [null, 1],
      ]),
    );
    expect(await rowsOf({ range: "30d", filters })).toEqual([[3]]);
    expect(await rowsOf({ filters: eq("property:amount", "10.5") })).toEqual([[1]]);
    expect(await rowsOf({ filters, range: { from: "1970-12-01", to: "1971-02-01" } })).toEqual([[1]]);
  });

  it("are aggregated by defined metrics", async () => {
    const body = {
      name: "order_amount",
      label: "Order amount",
      rule: {
        kind: "aggregate",
        dataset: "tables",
        aggregation: "sum",
        field: "property:amount",
        filters: eq("table:name", "orders"),
      },
    };
    const path = `/api/v1/organizations/${organization}/metrics`;
    const made = await owner.call("POST", path, { token: owner.token, body });
    expect(made.status, JSON.stringify(made.data)).toBe(201);
    const metrics = ["metric:order_amount"];
    expect(await rowsOf({ metrics })).toEqual([[60.5]]);
    expect(await rowsOf({ metrics, dimensions: ["property:country"] })).toEqual(
      expect.arrayContaining([
        ["DE", 30.5],
        ["FR", 30],
      ]),
    );
    const weeks = await rowsOf({ metrics, granularity: "week" });
    expect(weeks.reduce((sum: number, row: number[]) => sum + (row.at(-1) ?? 0), 0)).toBe(60.5);
  });

  it("list their own fields, and none of events", async () => {
    const properties = JSON.stringify({ plan: "pro" });
    const now = Date.now();
    const event = makeRow({ project_id: project, event_id: "e", timestamp: now - 1000, properties });
    await pushRows([event], now);
    const path = `/api/v1/projects/${project}/metrics/fields?dataset=tables`;
    const { data } = await owner.call("GET", path, { token: owner.token });
    const types = Object.fromEntries(
      data.data.map(({ name, type }: { name: string; type: string }) => [name, type]),
    );
    expect(types).toMatchObject({ "property:amount": "number", "property:country": "string" });
    expect(types).not.toHaveProperty(["property:plan"]);
  });

  it("are a model whose tests pass", async () => {
    expect(await testModels(stores, project, Date.now())).toEqual([]);
    const model = (await describeModels(stores, project)).find(({ name }) => name === "tables");
    expect(model).toMatchObject({ layer: "mart", key: ["source_id", "key"] });
    expect(model?.tests.find(({ name }) => name.startsWith("unique"))).toMatchObject({
      rows: 6,
      failures: 0,
    });
    expect(model?.complete_until).toBeGreaterThan(0);
  });

  it("are not visible to other accounts", async () => {
    const otherAccount = await makeAccount();
    expect((await ask({}, otherAccount)).status).toBe(404);
    const { id: theirs } = await makeProject(otherAccount, "Theirs");
    expect((await ask({}, otherAccount, theirs)).data.rows).toEqual([[0]]);
    const { id: own } = await makeProject(owner, "Second");
    expect((await ask({}, owner, own)).data.rows).toEqual([[0]]);
  });
});

describe("a row of a table", () => {
  it("counts once however often it is sent, and not after it was removed", async () => {
    await put(orders, [["a", 11.5, "DE", iso(1)]]);
    await build();
    const filters = eq("table:name", "orders");
    expect(await rowsOf({ filters })).toEqual([[4]]);
    expect(await rowsOf({ filters: eq("property:amount", "10.5") })).toEqual([[0]]);
    await put(orders, [["a", 11.5, "DE", iso(1)]], "?replace=true");
    await build();
    expect(await rowsOf({ filters })).toEqual([[1]]);
  });

  it("is built even without a mark of pending records", async () => {
    await put(await makeSource("old", "at"), [["z", 1, "DE", iso(1)]]);
    await env.SHARD_0.prepare("DELETE FROM dirty_records WHERE project = ?1").bind(project).run();
    expect(await build()).toEqual({ done: true });
    expect(await rowsOf({ filters: eq("table:name", "old") })).toEqual([[1]]);
  });

  it("follows its mapping's name and time", async () => {
    const path = `/api/v1/projects/${project}/sources/${orders}`;
    const body = { settings: { mapping: mapping("sales", null) } };
    const { status, data } = await owner.call("PATCH", path, { token: owner.token, bindings, body });
    expect(status, JSON.stringify(data)).toBe(200);
    await build();
    const rows = await martRows(project, "tables");
    const [sale] = rows.filter(({ source_id }) => source_id === orders);
    expect(sale).toMatchObject({ table: "sales", project_id: project });
    expect(Date.now() - (sale?.at ?? 0)).toBeLessThan(DAY / 2);
  });
});
