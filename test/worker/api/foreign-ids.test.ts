/** Ids of another tenant, whose project is in another shard, below one's own project and organization: not found. */
import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, test } from "vitest";
import { api } from "../../../worker/api/app";
import { isUnnamed } from "../../../worker/api/auth";
import { describe as describeApp } from "../../../worker/api/describe/document";
import { exampleOf } from "../../../worker/api/describe/example";
import { listRoutes, type RouteRule } from "../../../worker/api/route";
import { PUSHED_BINDINGS, webhookSecret } from "../../support/webhook";
import { makeColleague, makeOwner, type Owner } from "../workspace/dashboards/make-content";

const document = describeApp(api);
const OWN = ["project", "organization", "id"];
const parametersOf = ({ path }: RouteRule) => [...path.matchAll(/{(\w+)}/g)].map(([, name]) => name!);
const nested = listRoutes(api).filter(
  (rule) => !isUnnamed(rule.access) && parametersOf(rule).some((name) => !OWN.includes(name)),
);

/** What the other tenant has, by the name of the path's parameter. */
let foreign: Record<string, string>;
let own: Record<string, string>;
let caller: Owner;
let victim: Owner;

/** The project in shard 1, with what it has there. */
async function moveToShard1({ project }: Owner, letter: string): Promise<void> {
  await env.SHARD_0.prepare("DELETE FROM fold_state WHERE project = ?1").bind(project).run();
  await env.SHARD_1.batch([
    env.SHARD_1.prepare("INSERT INTO fold_state (project) VALUES (?1)").bind(project),
    env.SHARD_1.prepare(
      "INSERT INTO dead_letters (id, project, reason, body, attempts, failed_at) VALUES (?1, ?2, 'invalid', '{}', 1, 1)",
    ).bind(letter, project),
  ]);
  await env.CONTROL.prepare("UPDATE projects SET shard = 1 WHERE id = ?1").bind(project).run();
}

async function makeAll(owner: Owner): Promise<Record<string, string>> {
  const idOf = async (sent: Promise<{ status: number; data: { id: string } }>) => {
    const { status, data } = await sent;
    expect(status, JSON.stringify(data)).toBe(201);
    return data.id;
  };
  const place = `/organizations/${owner.organization}`;
  const dashboard = await idOf(
    owner.dashboards("POST", "", { name: "Theirs", sharing: "organization", widgets: [] }),
  );
  const { call, token } = owner.account;
  const source = call("POST", `/api/v1/projects/${owner.project}/sources`, {
    ...{ token, bindings: PUSHED_BINDINGS },
    body: { driver: "webhook", keys: { secret: webhookSecret() }, settings: {} },
  });
  const rule = { kind: "aggregate", dataset: "events", aggregation: "count" };
  return {
    dashboard,
    comment: await idOf(owner.dashboards("POST", `/${dashboard}/comments`, { body: "Theirs" })),
    link: await idOf(owner.dashboards("POST", `/${dashboard}/links`, {})),
    annotation: await idOf(owner.inProject("POST", "/annotations", { at: 1, text: "Theirs" })),
    metric: await idOf(owner.metrics("POST", "", { name: "theirs", label: "Theirs", rule })),
    source: await idOf(source),
    stream: "records",
    token: await idOf(owner.api("POST", "/tokens", { name: "CI", scopes: ["projects:read"] })),
    user: (await makeColleague(owner, "viewer")).account.user.id,
    invitation: await idOf(
      owner.api("POST", `${place}/invitations`, { email: "guest@example.com", role: "viewer" }),
    ),
    letter: `letter-${owner.project}`,
  };
}

beforeAll(async () => {
  [victim, caller] = [await makeOwner(), await makeOwner()];
  await moveToShard1(victim, `letter-${victim.project}`);
  foreign = await makeAll(victim);
  own = { project: caller.project, id: caller.project, organization: caller.organization };
}, 60_000);

/** Everything of the other tenant that a route could change. */
async function theirs(): Promise<string> {
  const tables =
    "dashboards comments links annotations metrics sources api_tokens members invitations token_exclusions";
  const rows = await env.CONTROL.batch(
    tables.split(" ").map((table) => env.CONTROL.prepare(`SELECT * FROM ${table} ORDER BY 1`)),
  );
  const letters = await env.SHARD_1.prepare("SELECT * FROM dead_letters").all();
  return JSON.stringify([rows.map(({ results }) => results), letters.results]);
}

/** Bodies where the example of the schema is not valid. */
const BODIES: Record<string, object> = {
  "patch /api/v1/projects/{project}/dashboards/{dashboard}": { version: 1, name: "Mine" },
  "post /api/v1/projects/{project}/dashboards/{dashboard}/results": {},
  "post /api/v1/projects/{project}/dashboards/{dashboard}/links": {},
  "patch /api/v1/organizations/{organization}/metrics/{metric}": { version: 1, label: "Mine" },
  "patch /api/v1/projects/{project}/sources/{source}": { name: "Mine" },
  "post /api/v1/projects/{project}/sources/{source}/preview": {},
};

/** A request with the caller's own project and the other tenant's ids. */
function attempt({ method, path }: RouteRule, names: Record<string, string>) {
  const content = document.paths[path]?.[method]?.requestBody?.content;
  const schema = content && Object.values(content)[0]?.schema;
  return {
    method: method.toUpperCase(),
    url: `${path.replaceAll(/{(\w+)}/g, (_, name) => names[name] ?? "x")}?confirm=Theirs`,
    body: BODIES[`${method} ${path}`] ?? (schema && exampleOf(schema)),
  };
}

describe("another tenant's ids below the own project are not found", () => {
  test.each(nested.map((rule) => [`${rule.method} ${rule.path}`, rule] as const))("%s", async (_, rule) => {
    const unknown = parametersOf(rule).filter((name) => !OWN.includes(name) && !(name in foreign));
    expect(unknown).toEqual([]);
    const before = await theirs();
    const { method, url, body } = attempt(rule, { ...foreign, ...own });
    const { account } = caller;
    const { status, data } = await account.call(method, url, {
      ...{ token: account.token, body, bindings: PUSHED_BINDINGS },
    });
    expect([status, data.code], JSON.stringify(data)).toEqual([404, "not_found"]);
    expect(await theirs()).toBe(before);
  });
});

test("a cursor of another tenant's list shows one's own rows only", async () => {
  const page = (owner: Owner, cursor = "") => owner.inProject("GET", `/annotations?limit=1${cursor}`);
  await victim.inProject("POST", "/annotations", { at: 2, text: "Theirs too" });
  await caller.inProject("POST", "/annotations", { at: 0, text: "Mine" });
  const { data } = await page(victim);
  expect(data.next_cursor).not.toBeNull();
  const { data: found } = await page(caller, `&cursor=${encodeURIComponent(data.next_cursor)}`);
  expect(JSON.stringify(found)).not.toContain("Theirs");
});
