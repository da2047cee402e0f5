import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { MANAGER_ID } from "../../../../demo/vendors/google-ads/gate";
import { googleAdsTokens } from "../../../../demo/vendors/google-ads/index";
import type { AccountLimits, SourceDetail, StreamProgress, SyncRun } from "../../../../schema/wire/source";
import { accountLimits, vendorClientOf } from "../../../../worker/sources/connections";
import { googleAds } from "../../../../worker/sources/drivers/google-ads/driver";
import { runSync, type Steps } from "../../../../worker/sources/sync/run";
import { MAX_FAILURES, OPEN_MS } from "../../../../worker/sources/vendor/breaker";
import { makeAccount } from "../../../support/client";
import { startVendor } from "../../../support/vendors/client";

test("an account whose vendor fails is not called while the others sync; a trial closes its breaker", async () => {
  const owner = await makeAccount();
  let now = Date.now();
  const vendor = await startVendor({ vendor: "google_ads", now, account: { campaigns: 2 }, limits: false });
  const started: { source: string; run: string }[] = [];
  const SYNC = {
    create: async ({ params }: { params: (typeof started)[number] }) => void started.push(params),
    get: async () => ({ terminate: async () => {} }),
  };
  const SOURCES = JSON.stringify({ google_ads: { base_url: vendor.url } });
  const bindings: Env = Object.assign({}, env, { SOURCES, SYNC });
  const call = (method: string, path: string, body?: unknown) =>
    owner.call(method, path, { token: owner.token, bindings, body });
  const project = (await call("POST", "/api/v1/projects", { name: "Shop", timezone: "UTC" })).data.id;
  const at = `/api/v1/projects/${project}/sources`;
  const { access, refresh } = googleAdsTokens(1);
  const keys = { access_token: access, refresh_token: refresh };
  const settings = { login_customer_id: MANAGER_ID };
  const { data: source } = await call("POST", at, { driver: "google_ads", settings, keys });
  const [bad, ...good]: string[] = source.accounts.map(({ id }: { id: string }) => id);
  expect(good.length).toBeGreaterThan(0);

  // One account's calls fail; time passes only where the sync waits.
  await vendor.misbehave({ kind: "fail", calls: 10_000, on: `/customers/${bad}` });
  const clock = {
    now: () => now,
    random: () => 0.5,
    async sleep(ms: number) {
      now += ms;
    },
  };
  const seen: AccountLimits[][] = [];
  const slept: number[] = [];
  const steps: Steps = {
    do: async (_, work) => JSON.parse(JSON.stringify((await work()) ?? null)),
    async sleep(_, ms) {
      slept.push(ms);
      seen.push(await accountLimits(bindings, googleAds, [bad ?? "", ...good], now));
      if (seen.at(-1)?.[0]?.breaker === "open") await vendor.calm();
      now += ms;
    },
  };
  const open = (of: Parameters<typeof vendorClientOf>[1]) => vendorClientOf(bindings, of, { clock });
  await runSync(bindings, started[0]!, steps, { open, build: async () => false });

  const opened = seen.findIndex(([first]) => first?.breaker === "open");
  expect(opened).toBeGreaterThanOrEqual(0);
  expect(
    seen[opened]?.slice(1).every(({ breaker, failures }) => breaker === "closed" && failures === 0),
  ).toBe(true);
  // While it was open the account was not called; the sync waited, then read the rest.
  expect((await vendor.log()).filter(({ fault }) => fault === "fail")).toHaveLength(MAX_FAILURES);
  expect(Math.max(...slept)).toBeGreaterThan(OPEN_MS / 2);
  const { data } = await call("GET", `${at}/${source.id}/runs`);
  const run: SyncRun = data.data[0];
  expect(run).toMatchObject({ status: "succeeded", error: null });
  expect(run.progress.every(({ status }: StreamProgress) => status === "complete")).toBe(true);
  const detail: SourceDetail = (await call("GET", `${at}/${source.id}`)).data;
  expect(detail.limits.map(({ breaker, failures }) => [breaker, failures])).toEqual(
    detail.accounts.map(() => ["closed", 0]),
  );
  await vendor.close();
});
