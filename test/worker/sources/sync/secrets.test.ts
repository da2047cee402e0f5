import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { CLIENT } from "../../../../demo/vendors/server/oauth";
import { STRIPE_KEYS } from "../../../../demo/vendors/stripe/index";
import type { Source } from "../../../../schema/wire/source";
import { startSync, vendorClientOf } from "../../../../worker/sources/connections";
import { buildStep } from "../../../../worker/sources/sync/building";
import { runSync, type Steps } from "../../../../worker/sources/sync/run";
import { tidy } from "../../../../worker/sources/sync/tidy";
import { makeAccount } from "../../../support/client";
import { type RemoteVendor, startVendor } from "../../../support/vendors/client";
import type { VendorName } from "../../../support/vendors/wire";

/**
 * Credentials sent to vendors and tokens received from them are stored only encrypted: not readable in the databases,
 * in responses, in logs, or in the results of workflow steps. Faults are included, because errors may contain them.
 */
const names: VendorName[] = ["stripe", "hubspot", "google_ads", "meta_ads", "linkedin_ads"];
/** Prefixes of the stand-ins' tokens, besides those in their logs. */
const PATTERNS = [
  /rk_(test|live)_\w+/,
  /ya29\.[\w-]+/,
  /hub-(access|refresh)-/,
  /EAAstandin\w*-/,
  /AQXstandin-\w/,
];

const heard: string[] = [];
const vendors = new Map<VendorName, RemoteVendor>();
let owner: Awaited<ReturnType<typeof makeAccount>>;
let bindings: Env;
let project: string;
const runs: { source: string; run: string }[] = [];

beforeAll(async () => {
  for (const method of ["log", "info", "warn", "error", "debug"] as const)
    vi.spyOn(console, method).mockImplementation((...values) => {
      heard.push(values.map((each) => (each instanceof Error ? each.stack : JSON.stringify(each))).join(" "));
    });
  owner = await makeAccount();
  const now = Date.now();
  for (const vendor of names) {
    const account = { signups: 1, campaigns: 2 };
    vendors.set(vendor, await startVendor({ vendor, now, account, limits: false }));
  }
  const configured = names.map((name) => {
    const base_url = vendors.get(name)?.url;
    return [name, { base_url, client_id: CLIENT.client_id }];
  });
  bindings = Object.assign({}, env, {
    SOURCES: JSON.stringify(Object.fromEntries(configured)),
    SOURCE_CLIENTS: JSON.stringify(Object.fromEntries(names.map((name) => [name, CLIENT.client_secret]))),
    SYNC: {
      create: async ({ params }: { params: (typeof runs)[number] }) => void runs.push(params),
      get: async () => ({ terminate: async () => {} }),
    },
  });
  const body = { name: "Shop", timezone: "UTC" };
  project = (await owner.call("POST", "/api/v1/projects", { token: owner.token, body })).data.id;
});
afterAll(() => vi.restoreAllMocks());

/** Calls the API and records the response. */
async function ask(method: string, path: string, body?: unknown, proof: object = { token: owner.token }) {
  const answer = await owner.call(method, path, { ...proof, bindings, body });
  heard.push(JSON.stringify([answer.data, [...answer.headers]]));
  return answer;
}
const at = (rest = "") => `/api/v1/projects/${project}/sources${rest}`;

const steps: Steps = {
  async do(name, work) {
    const stored = JSON.stringify((await work()) ?? null);
    heard.push(`${name} ${stored}`);
    return JSON.parse(stored);
  },
  sleep: async () => {
    throw new Error("this test does not wait");
  },
};
const hooks = {
  open: (source: Parameters<typeof vendorClientOf>[1]) => vendorClientOf(bindings, source, { attempts: 1 }),
  build: (of: string) => buildStep(bindings, of),
};

/** Runs the started syncs; errors are recorded. */
async function runAll() {
  for (const params of runs.splice(0))
    await runSync(bindings, params, steps, hooks).catch((error) => heard.push(String(error.stack)));
}

/** Connects by the consent page where there is one. */
async function connect(name: VendorName): Promise<Source> {
  if (name === "stripe")
    return (await ask("POST", at(), { driver: name, keys: { api_key: STRIPE_KEYS.full } })).data;
  const settings = name === "google_ads" ? await googleSettings() : {};
  const { data: source } = await ask("POST", at(), { driver: name, settings });
  const consent = new URL((await ask("POST", at(`/${source.id}/connect`))).data.url);
  const allowed = await fetch(`${consent.href}&decision=allow`, { redirect: "manual" });
  const back = new URL(allowed.headers.get("location") ?? "");
  const { headers } = await ask("GET", back.pathname + back.search, undefined, { cookie: owner.cookie });
  expect(headers.get("location"), name).toContain("connect=connected");
  return source;
}

async function googleSettings() {
  const { MANAGER_ID } = await import("../../../../demo/vendors/google-ads/gate");
  return { login_customer_id: MANAGER_ID };
}

async function rowsOf(db: D1Database): Promise<string> {
  const { results } = await db
    .prepare("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '\\_%' ESCAPE '\\'")
    .all<{ name: string }>();
  const tables = await Promise.all(results.map(({ name }) => db.prepare(`SELECT * FROM "${name}"`).all()));
  return JSON.stringify(tables.map((table) => table.results));
}

test("no token or key is found", { timeout: 120_000 }, async () => {
  const sources: Source[] = [];
  for (const name of names) sources.push(await connect(name));
  await runAll();
  for (const vendor of vendors.values()) await vendor.misbehave({ kind: "expire_tokens" });
  for (const { id } of sources) {
    await ask("POST", at(`/${id}/check`));
    await startSync(bindings, { id, project_id: project }, "manual", Date.now());
  }
  await runAll();
  for (const vendor of vendors.values())
    await vendor.misbehave(
      { kind: "fail", calls: 2 },
      { kind: "throttle", calls: 2 },
      { kind: "drop", calls: 2 },
    );
  for (const { id } of sources) await startSync(bindings, { id, project_id: project }, "manual", Date.now());
  await runAll();
  await ask("POST", at(), { driver: "stripe", keys: { api_key: `${STRIPE_KEYS.full}x` } });
  await ask("PATCH", at(`/${sources[0]?.id}`), { keys: { api_key: `${STRIPE_KEYS.full}y` } });
  await tidy(bindings, Date.now());
  for (const path of [
    at(),
    at("/drivers"),
    ...sources.flatMap(({ id }) => [at(`/${id}`), at(`/${id}/runs`)]),
  ])
    await ask("GET", path);
  await ask("GET", `/api/v1/sources`);

  const logs = await Promise.all([...vendors.values()].map((vendor) => vendor.log()));
  const sent = logs.flat().map(({ auth }) => auth.replace(/^Bearer /, ""));
  const secrets = [...new Set([...sent, CLIENT.client_secret])].filter((text) => text.length > 8);
  expect(secrets.length).toBeGreaterThan(names.length + 1);

  const accounts = sources.map(({ driver }) => driver);
  expect(accounts).toEqual(names);
  const limiters = await Promise.all(
    (await listed()).map((name) =>
      runInDurableObject(env.LIMITER.get(env.LIMITER.idFromName(name)), async (_, { storage }) =>
        JSON.stringify([...(await storage.list())]),
      ),
    ),
  );
  const places: Record<string, string> = {
    "control database": await rowsOf(env.CONTROL),
    "shard database": await rowsOf(env.SHARD_0),
    "answers, log and steps": heard.join("\n"),
    limiters: limiters.join("\n"),
  };
  expect(places["control database"]).toContain(sources[0]?.id);
  expect(places["answers, log and steps"]).toContain("connect=connected");
  for (const [place, text] of Object.entries(places)) {
    for (const secret of secrets) expect(text.includes(secret), `${secret} in ${place}`).toBe(false);
    for (const pattern of PATTERNS) expect(pattern.exec(text)?.[0], `${pattern} in ${place}`).toBeUndefined();
  }
});

/** Names of the limiters that were called. */
async function listed(): Promise<string[]> {
  const { data } = await owner.call("GET", at(), { token: owner.token, bindings });
  return data.data.flatMap(({ driver, accounts }: Source) => accounts.map(({ id }) => `${driver}:${id}`));
}
