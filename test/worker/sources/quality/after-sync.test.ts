import { env } from "cloudflare:workers";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { STRIPE_KEYS } from "../../../../demo/vendors/stripe/index";
import type { Quality, QualityOverview, Source } from "../../../../schema/wire/source";
import { type StoredSource, vendorClientOf } from "../../../../worker/sources/connections";
import { checkAfterSync } from "../../../../worker/sources/quality";
import { type Hooks, runSync, type Steps } from "../../../../worker/sources/sync/run";
import { makeAccount } from "../../../support/client";
import { type RemoteVendor, startVendor } from "../../../support/vendors/client";

/** From connecting to the quality page, as in the workflow. */
let owner: Awaited<ReturnType<typeof makeAccount>>;
let vendor: RemoteVendor;
let bindings: Env;
let project: string;
const runs: { source: string; run: string }[] = [];

beforeAll(async () => {
  owner = await makeAccount();
  vendor = await startVendor({ vendor: "stripe", now: Date.now(), account: { signups: 1 }, limits: false });
  bindings = Object.assign({}, env, {
    SOURCES: JSON.stringify({ stripe: { base_url: vendor.url } }),
    SYNC: {
      create: async ({ params }: { params: (typeof runs)[number] }) => void runs.push(params),
      get: async () => ({ terminate: async () => {} }),
    },
  });
  const body = { name: "Shop", timezone: "UTC" };
  project = (await owner.call("POST", "/api/v1/projects", { token: owner.token, body })).data.id;
});
afterAll(() => vendor.close());

const call = (method: string, rest: string, body?: unknown) =>
  owner.call(method, `/api/v1/projects/${project}${rest}`, { token: owner.token, bindings, body });

function stepper(names: string[]): Steps {
  return {
    do: async (name, work) => {
      names.push(name);
      return JSON.parse(JSON.stringify((await work()) ?? null));
    },
    sleep: async () => {},
  };
}
const open = (source: StoredSource) => vendorClientOf(bindings, source);
const hooks: Hooks = {
  open,
  build: async () => false,
  check: (source) => checkAfterSync(bindings, source, { open, now: Date.now() }),
};

async function connect(): Promise<Source> {
  const body = { driver: "stripe", keys: { api_key: STRIPE_KEYS.full } };
  return (await call("POST", "/sources", body)).data;
}

test("a sync ends with checks, whose results are on the page and in the source's score", async () => {
  const source = await connect();
  expect((await call("GET", `/sources/${source.id}/quality`)).data).toEqual({ latest: [], days: [] });
  const names: string[] = [];
  await runSync(bindings, runs.pop()!, stepper(names), hooks);
  expect(names.slice(-2)).toEqual(["check", "publish"]);
  const quality: Quality = (await call("GET", `/sources/${source.id}/quality`)).data;
  expect(quality.latest).toMatchObject([
    { name: "access", label: "Access", outcome: "passed", score: 1 },
    { name: "freshness", outcome: "passed", summary: "Every stream was synced in time." },
    { name: "rows", outcome: "unknown" },
  ]);
  expect(quality.days).toMatchObject([{ score: 1, failed: 0 }]);
  expect((await call("GET", `/sources/${source.id}`)).data.quality).toBe(1);
  const overview: QualityOverview = (await call("GET", "/quality")).data;
  expect(overview.data).toMatchObject([{ source_id: source.id, name: "Stripe", score: 1, failed: 0 }]);
  expect((await call("GET", "/notices")).data).toEqual({ data: [] });
});

test("checks that throw do not affect the numbers", async () => {
  const logged = vi.spyOn(console, "error").mockImplementation(() => {});
  await connect();
  const names: string[] = [];
  const check = () => Promise.reject(new Error("the database is away"));
  await runSync(bindings, runs.pop()!, stepper(names), { ...hooks, check });
  expect(names.at(-1)).toBe("publish");
  expect(logged).toHaveBeenCalledWith(expect.stringContaining("checks failed"));
});

test("a source of another project is not found", async () => {
  const otherAccount = await makeAccount();
  const source = await connect();
  const at = `/api/v1/projects/${project}/sources/${source.id}/quality`;
  expect((await otherAccount.call("GET", at, { token: otherAccount.token })).status).toBe(404);
});
