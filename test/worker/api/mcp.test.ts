/** The protocol with the official client. */
import { env } from "cloudflare:workers";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { beforeAll, describe, expect, it } from "vitest";
import type { Scope } from "../../../schema/wire/project";
import { api } from "../../../worker/api/app";
import { MINUTE_MS } from "../../../worker/lib/time";
import { makeRow } from "../../support/make-row";
import { pushRows } from "../../support/query-data";
import { formula, makeOwner, number, type Owner } from "../workspace/dashboards/make-content";

const now = Date.now();
let owner: Owner;
let dashboard: string;

async function connect(of: Owner, scopes: Scope[] = ["analytics:read", "content:read"]) {
  const { data } = await of.api("POST", "/tokens", { name: "assistant", scopes });
  const client = new Client({ name: "test", version: "1" });
  const transport = new StreamableHTTPClientTransport(new URL("http://localhost/api/mcp"), {
    requestInit: { headers: { authorization: `Bearer ${data.token}` } },
    fetch: async (url, init) => api.request(String(url), init, env),
  });
  await client.connect(transport);
  return client;
}

interface Called {
  isError?: boolean;
  // biome-ignore lint/suspicious/noExplicitAny: responses have many shapes in tests.
  data: any;
}

async function use(client: Client, name: string, given: Record<string, unknown> = {}): Promise<Called> {
  const { isError, content } = await client.callTool({ name, arguments: given });
  const [part] = content as { text: string }[];
  return { isError: isError === true, data: JSON.parse(part?.text ?? "null") };
}

beforeAll(async () => {
  owner = await makeOwner();
  const row = (id: string, event_name: string) =>
    makeRow({
      ...{ project_id: owner.project, event_id: id, timestamp: now - MINUTE_MS },
      ...{ visitor_id: id, event_name, properties: '{"plan":"pro"}' },
    });
  await pushRows([row("a", "page_view"), row("b", "signup")], now);
  await owner.metrics("POST", "", formula("per_visitor", "events.events / events.visitors"));
  const widgets = [number("one", { metrics: ["metric:per_visitor"] })];
  dashboard = (await owner.dashboards("POST", "", { name: "Shown", range: "7d", widgets })).data.id;
});

describe("an assistant", () => {
  it("lists its tools", async () => {
    const client = await connect(owner);
    expect(client.getServerVersion()?.name).toBe("selvedge");
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name)).toEqual([
      ...["list_projects", "list_datasets", "list_metrics", "query", "explain"],
      ...["list_dashboards", "read_dashboard"],
    ]);
    for (const { inputSchema } of tools) expect(inputSchema.type).toBe("object");
    await client.ping();
  });

  it("finds a number through the tools, equal to the API's", async () => {
    const client = await connect(owner);
    const { data: found } = await use(client, "list_projects");
    expect(found.projects).toMatchObject([{ id: owner.project, name: "Shop", timezone: "UTC" }]);
    const project = owner.project;
    expect((await use(client, "list_datasets")).data.datasets[0].name).toBe("events");
    expect((await use(client, "list_metrics", { project })).data.metrics).toMatchObject([
      { name: "per_visitor" },
    ]);
    const query = { metrics: ["metric:per_visitor"], range: "7d" };
    const { data: result } = await use(client, "query", { project, query });
    const { data: same } = await owner.api("POST", `/query/${project}`, query);
    expect([result.rows, result.totals]).toEqual([same.rows, same.totals]);
    const { data: listed } = await use(client, "list_dashboards", { project });
    expect(listed.dashboards).toMatchObject([{ id: dashboard, name: "Shown" }]);
    const { data: read } = await use(client, "read_dashboard", { project, dashboard, compare: "none" });
    expect(read.dashboard.name).toBe("Shown");
    expect(read.results.one.totals).toEqual(same.totals);
  });

  it("gets an explanation of what a query would read", async () => {
    const client = await connect(owner);
    const explain = (query: object) => use(client, "explain", { project: owner.project, query });
    const cheap = await explain({ dataset: "events", metrics: ["events"], range: "7d", compare: "previous" });
    expect(cheap.data).toMatchObject({ cost: { rows: 0 }, reads: { length: 4 } });
    expect(cheap.data.reads[0]).toMatchObject({ for: "rows", store: "rollup", why: null });
    const dear = await explain({ dataset: "events", metrics: ["events"], dimensions: ["property:plan"] });
    expect(dear.data.reads[0]).toMatchObject({
      store: "lake",
      why: expect.stringContaining("property:plan"),
    });
    expect(dear.data.cost.rows).toBeGreaterThanOrEqual(2);
    const wrong = await explain({ dataset: "events", metrics: ["evnts"] });
    expect([wrong.isError, wrong.data.message]).toEqual([
      true,
      "There is no metric `evnts`; did you mean `events`?",
    ]);
  });
});

describe("without access", () => {
  it("to a project, or without the scope, gets an error", async () => {
    const otherAccount = await connect(await makeOwner());
    const project = owner.project;
    for (const [name, given] of [
      ["query", { project, query: { dataset: "events", metrics: ["events"] } }],
      ["explain", { project, query: { dataset: "events", metrics: ["events"] } }],
      ["list_metrics", { project }],
      ["list_dashboards", { project }],
      ["read_dashboard", { project, dashboard }],
    ] as const) {
      expect(await use(otherAccount, name, given)).toMatchObject({
        isError: true,
        data: { code: "not_found" },
      });
    }
    const ofNobody = { project: "nobody", query: { dataset: "events", metrics: ["events"] } };
    const ofOthers = { ...ofNobody, project };
    expect(await use(otherAccount, "query", ofOthers)).toEqual(await use(otherAccount, "query", ofNobody));
    const narrow = await connect(owner, ["analytics:read"]);
    expect(await use(narrow, "list_dashboards", { project })).toMatchObject({
      ...{ isError: true, data: { code: "insufficient_scope" } },
    });
    const vague = await use(narrow, "query", { project });
    expect(vague).toMatchObject({ isError: true, data: { errors: [{ path: "query" }] } });
    await expect(narrow.callTool({ name: "nothing" })).rejects.toThrow("There is no tool nothing");
    await expect(connect(owner, ["content:read"])).rejects.toThrow();
  });

  it("other messages are refused", async () => {
    const post = (body: object, headers: Record<string, string> = {}) =>
      owner.account.call("POST", "/api/mcp", { token: owner.account.token, body, headers });
    const ping = { jsonrpc: "2.0", id: 1, method: "ping" };
    expect((await post(ping)).data).toEqual({ jsonrpc: "2.0", id: 1, result: {} });
    expect((await post({ ...ping, method: "other" })).data.error.code).toBe(-32601);
    expect((await post({ jsonrpc: "2.0", method: "notifications/initialized" })).status).toBe(202);
    expect((await post(ping, { "mcp-protocol-version": "1999-01-01" })).status).toBe(400);
    expect((await owner.account.call("GET", "/api/mcp", { token: owner.account.token })).status).toBe(405);
  });
});
