/** A metric has the same value through every interface. */
import { env } from "cloudflare:workers";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import type { QueryResult } from "../../schema/wire/query";
import { api } from "../../worker/api/app";
import { makeOwner, type Owner } from "../worker/workspace/dashboards/make-content";
import { describeWays, type Way } from "./defined-metrics";

/** The rules are sent with the query, as in the builder's preview. */
const preview = (owner: Owner): Way => ({
  name: "preview",
  ask: async ({ query }, define) =>
    good(await owner.api("POST", `/query/${owner.project}`, { ...query, define })),
});

/** The rules are stored in the organization, the query names them. */
const saved = (owner: Owner): Way => ({
  name: "query",
  define: async (rules) => {
    for (const [name, rule] of Object.entries(rules)) {
      const { status, data } = await owner.metrics("POST", "", { name, label: name, rule });
      if (status !== 201) throw new Error(`${name}: ${JSON.stringify(data)}`);
    }
  },
  ask: async ({ query }) => good(await owner.api("POST", `/query/${owner.project}`, query)),
});

const batch = (owner: Owner): Way => ({
  name: "batch",
  ask: async ({ query }) =>
    good(await owner.api("POST", `/query/${owner.project}/batch`, { queries: { one: query } }), "one"),
});

const widget = (owner: Owner): Way => ({
  name: "widget",
  ask: async ({ name, kind, query }) => {
    const place = { x: 0, y: 0, w: 6, h: 4 };
    const content = { name, compare: "none", widgets: [{ id: "one", kind, title: name, place, query }] };
    const { status, data } = await owner.dashboards("POST", "", content);
    if (status !== 201) throw new Error(JSON.stringify(data));
    return good(await owner.dashboards("POST", `/${data.id}/results`, {}), "one");
  },
});

/** An assistant's tool, called by the protocol's official client. */
const assistant = (owner: Owner): Way => ({
  name: "assistant",
  ask: async ({ query }) => {
    const body = { name: "assistant", scopes: ["analytics:read", "content:read"] };
    const { data } = await owner.api("POST", "/tokens", body);
    const client = new Client({ name: "test", version: "1" });
    const transport = new StreamableHTTPClientTransport(new URL("http://localhost/api/mcp"), {
      requestInit: { headers: { authorization: `Bearer ${data.token}` } },
      fetch: async (url, init) => api.request(String(url), init, env),
    });
    await client.connect(transport);
    const given = { project: owner.project, query };
    const { isError, structuredContent } = await client.callTool({ name: "query", arguments: given });
    return good({ status: isError ? 422 : 200, data: structuredContent });
  },
});

function good({ status, data }: { status: number; data: unknown }, name?: string): QueryResult {
  const found = name === undefined ? data : Reflect.get(Reflect.get(Object(data), "results"), name);
  if (status !== 200 || !("rows" in Object(found))) throw new Error(JSON.stringify(data));
  return found as QueryResult;
}

describeWays(async () => {
  const owner = await makeOwner();
  return {
    project: owner.project,
    ways: [saved, preview, batch, widget, assistant].map((way) => way(owner)),
  };
}, ["preview", "query", "batch", "widget", "assistant"]);
