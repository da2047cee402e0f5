/** A metric is the same wherever it is asked for. */
import type { Result } from "../../schema/wire/query";
import { makeOwner, type Owner } from "../worker/dashboards/make-content";
import { describeWays, type Way } from "./defined-metrics";

/** The rules travel with the question, as in the builder's preview. */
const preview = (owner: Owner): Way => ({
  name: "preview",
  ask: async ({ query }, define) =>
    good(await owner.api("POST", `/query/${owner.project}`, { ...query, define })),
});

/** The rules are kept by the organisation, the question names them. */
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

function good({ status, data }: { status: number; data: unknown }, name?: string): Result {
  const found = name === undefined ? data : Reflect.get(Reflect.get(Object(data), "results"), name);
  if (status !== 200 || !("rows" in Object(found))) throw new Error(JSON.stringify(data));
  return found as Result;
}

describeWays(async () => {
  const owner = await makeOwner();
  return { project: owner.project, ways: [saved(owner), preview(owner), batch(owner), widget(owner)] };
}, ["preview", "query", "batch", "widget"]);
