/** The Meta Ads stand-in behaves as the vendor documents. */
import { afterEach, describe, expect, it } from "vitest";
import type { AdTruth } from "../../demo/vendors/ads.ts";
import { type MetaAdsOptions, metaAds, metaAdsToken } from "../../demo/vendors/meta-ads/index.ts";
import { type RunningVendor, startVendor, type VendorOptions } from "../../demo/vendors/server/index.ts";
import { CLIENT } from "../../demo/vendors/server/oauth.ts";

const NOW = Date.UTC(2026, 10, 21, 3);
const ACCOUNT = "act_880012340001";
const running: RunningVendor<AdTruth>[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((vendor) => vendor.close()));
});

async function start(options: MetaAdsOptions = {}, more: VendorOptions = {}) {
  const vendor = await startVendor(metaAds(options), { seed: 7, now: NOW, ...more });
  running.push(vendor);
  return vendor;
}

interface Item {
  [field: string]: unknown;
}
interface Body {
  data?: Item[];
  paging?: { next?: string };
  error?: { code: number; error_subcode?: number; message: string };
  [field: string]: unknown;
}

async function call(
  vendor: RunningVendor<AdTruth>,
  path: string,
  parameters: Record<string, string> = {},
  method = "GET",
) {
  const search = new URLSearchParams({ access_token: metaAdsToken(7), ...parameters });
  const url = path.startsWith("http") ? path : `${vendor.url}/v26.0/${path}`;
  const answer =
    method === "GET"
      ? await fetch(path.startsWith("http") ? url : `${url}?${search}`)
      : await fetch(url, { method, body: search });
  const body: Body = JSON.parse(await answer.text());
  return { status: answer.status, headers: answer.headers, body };
}

/** All pages, following `next` as it is. */
async function all(
  vendor: RunningVendor<AdTruth>,
  path: string,
  parameters: Record<string, string>,
): Promise<Item[]> {
  const items: Item[] = [];
  let page = await call(vendor, path, parameters);
  for (;;) {
    expect(page.body.error).toBeUndefined();
    items.push(...(page.body.data ?? []));
    const next = page.body.paging?.next;
    if (next === undefined) return items;
    page = await call(vendor, next);
  }
}

const RANGE = { since: "2026-08-01", until: "2026-10-31" };
const DAILY = {
  time_range: JSON.stringify(RANGE),
  time_increment: "1",
  fields: "campaign_id,adset_id,ad_id,impressions,clicks,spend,actions,action_values",
  limit: "200",
};
const cents = (rows: Item[]) => rows.reduce((total, { spend }) => total + Math.round(Number(spend) * 100), 0);
const known = (vendor: RunningVendor<AdTruth>) =>
  vendor.account.spend("meta_ads", RANGE.since, RANGE.until, vendor.now()).get("EUR") ?? 0;
const EVERY = (level: string) =>
  JSON.stringify([
    {
      field: `${level}.effective_status`,
      operator: "IN",
      value: ["ACTIVE", "PAUSED", "DELETED", "ARCHIVED", "CAMPAIGN_PAUSED", "ADSET_PAUSED"],
    },
  ]);
const json = (value: unknown) => JSON.parse(String(value));

describe("insights", () => {
  it.each(["account", "campaign", "adset", "ad"])("at %s level add up over all pages", async (level) => {
    const vendor = await start();
    const rows = await all(vendor, `${ACCOUNT}/insights`, { ...DAILY, level, filtering: EVERY(level) });
    expect(cents(rows)).toBe(known(vendor));
    if (level === "ad") expect(vendor.log.length).toBeGreaterThan(3);
  });

  it("leave deleted objects out below, but not of the parent's numbers", async () => {
    const vendor = await start({}, { misbehave: { kind: "remove", stream: "campaigns", count: 1 } });
    const account = await all(vendor, `${ACCOUNT}/insights`, { ...DAILY, level: "account" });
    const plain = await all(vendor, `${ACCOUNT}/insights`, { ...DAILY, level: "ad" });
    expect(cents(account)).toBe(known(vendor));
    expect(cents(plain)).toBeLessThan(known(vendor));
    const [gone] = vendor.account.removed.keys();
    const byId = await all(vendor, `${gone}/insights`, DAILY);
    expect(cents(plain) + cents(byId)).toBe(known(vendor));
    vendor.setNow(NOW + 3 * 86_400_000);
    const later = { ...DAILY, time_range: '{"since":"2026-11-22","until":"2026-11-24"}' };
    expect(await all(vendor, `${gone}/insights`, later)).toEqual([]);
    expect((await all(vendor, `${ACCOUNT}/insights`, { ...later, level: "ad" })).length).toBeGreaterThan(0);
  });

  it("come by range, month and span of days", async () => {
    const vendor = await start();
    for (const time_increment of ["all_days", "monthly", "7"]) {
      const rows = await all(vendor, `${ACCOUNT}/insights`, { ...DAILY, level: "account", time_increment });
      expect(cents(rows)).toBe(known(vendor));
      expect(rows.length).toBe({ all_days: 1, monthly: 3, 7: 14 }[time_increment]);
      expect(rows[0]?.date_start).toBe(RANGE.since);
      expect(rows.at(-1)?.date_stop).toBe(RANGE.until);
    }
  });

  it("split actions by the remaining windows", async () => {
    const vendor = await start();
    const action_attribution_windows = JSON.stringify([
      "1d_click",
      "7d_click",
      "28d_click",
      "1d_view",
      "7d_view",
    ]);
    const asked = { ...DAILY, level: "account", time_increment: "all_days", action_attribution_windows };
    const [row] = await all(vendor, `${ACCOUNT}/insights`, asked);
    const [action] = json(JSON.stringify(row?.actions));
    expect(Object.keys(action)).toEqual([
      "action_type",
      "value",
      "1d_click",
      "7d_click",
      "28d_click",
      "1d_view",
    ]);
    expect(Number(action["7d_click"]) + Number(action["1d_view"])).toBe(Number(action.value));
  });

  it("run asynchronously: both status and percentage end the polling", async () => {
    const vendor = await start();
    const begun = await call(
      vendor,
      `${ACCOUNT}/insights`,
      { ...DAILY, level: "ad", filtering: EVERY("ad") },
      "POST",
    );
    const run = String(begun.body.report_run_id);
    expect((await call(vendor, `${run}/insights`)).status).toBe(400);
    expect((await call(vendor, run)).body).toMatchObject({ async_status: "Job Started" });
    expect((await call(vendor, run)).body).toMatchObject({
      async_status: "Job Completed",
      async_percent_completion: 100,
    });
    expect(cents(await all(vendor, `${run}/insights`, { limit: "500" }))).toBe(known(vendor));
    vendor.misbehave({ kind: "fail", calls: 1, variant: "async", on: "/insights" });
    const failing = String((await call(vendor, `${ACCOUNT}/insights`, DAILY, "POST")).body.report_run_id);
    await call(vendor, failing);
    expect((await call(vendor, failing)).body).toMatchObject({
      async_status: "Job Failed",
      error_subcode: 2490547,
    });
  });

  it("are the same for the same seed", async () => {
    const [first, again] = [await start(), await start()];
    const ask = (vendor: RunningVendor<AdTruth>) =>
      all(vendor, `${ACCOUNT}/insights`, { ...DAILY, level: "ad" });
    expect(await ask(first)).toEqual(await ask(again));
  });

  it.each<[Record<string, string>, number | undefined]>([
    [{ fields: "nonsense" }, undefined],
    [{ level: "planet" }, undefined],
    [{ time_increment: "91" }, undefined],
    [{ time_range: '{"since":"2020-01-01","until":"2020-02-01"}' }, 3018],
    [{ limit: "9000" }, 1487534],
    [{ after: "x" }, undefined],
  ])("refuse %j with code 100", async (wrong, subcode) => {
    const vendor = await start();
    const { status, body } = await call(vendor, `${ACCOUNT}/insights`, { ...DAILY, ...wrong });
    expect([status, body.error?.code, body.error?.error_subcode]).toEqual([400, 100, subcode]);
  });
});

describe("objects", () => {
  it("are listed live, in pages, and deleted ones by filter or id", async () => {
    const vendor = await start();
    const [first, second] = vendor.truth().campaigns;
    vendor.misbehave([
      { kind: "remove", stream: "campaigns", ids: [first?.id ?? ""] },
      { kind: "archive", stream: "campaigns", ids: [second?.id ?? ""] },
    ]);
    const fields = "id,name,status,effective_status,daily_budget,updated_time";
    const live = await all(vendor, `${ACCOUNT}/campaigns`, { fields, limit: "2" });
    const gone = vendor
      .truth()
      .campaigns.filter(({ status }) => status === "removed" || status === "archived");
    expect(live.length).toBe(6 - gone.length);
    expect((await all(vendor, `${ACCOUNT}/campaigns`, { fields, filtering: EVERY("campaign") })).length).toBe(
      6,
    );
    const archived = await all(vendor, `${ACCOUNT}/campaigns`, { effective_status: '["ARCHIVED"]', fields });
    expect(archived.map(({ id }) => id)).toEqual([second?.id]);
    expect((await call(vendor, first?.id ?? "", { fields })).body).toMatchObject({ status: "DELETED" });
    const ads = await all(vendor, `${ACCOUNT}/ads`, {
      fields: "effective_status,creative{id,url_tags}",
      limit: "100",
    });
    expect(ads.length).toBe((6 - gone.length) * 4);
    expect(ads.some(({ effective_status }) => effective_status === "CAMPAIGN_PAUSED")).toBe(true);
    expect(JSON.stringify(ads[0])).toContain("utm_campaign");
  });

  it("return only their id by default, and refuse unknown fields and ids", async () => {
    const vendor = await start();
    const { body } = await call(vendor, `${ACCOUNT}/adsets`);
    expect(Object.keys(body.data?.[0] ?? {})).toEqual(["id"]);
    expect((await call(vendor, `${ACCOUNT}/adsets`, { fields: "moon" })).body.error?.code).toBe(100);
    expect((await call(vendor, "123")).body.error).toMatchObject({ code: 100, error_subcode: 33 });
    expect((await call(vendor, "me/adaccounts", { fields: "currency" })).body.data).toEqual([
      { currency: "EUR", id: ACCOUNT },
    ]);
  });

  it("can repeat a page and drift", async () => {
    const vendor = await start({}, { misbehave: { kind: "repeat_page", calls: 1 } });
    const listed = await all(vendor, `${ACCOUNT}/ads`, { limit: "4" });
    expect(listed.slice(4, 8)).toEqual(listed.slice(0, 4));
    vendor.misbehave({ kind: "skip_page", calls: 1 });
    const whole = await all(vendor, `${ACCOUNT}/ads`, { limit: "500" });
    const skipped = await all(vendor, `${ACCOUNT}/ads`, { limit: "4" });
    expect(skipped).toEqual([...whole.slice(0, 4), ...whole.slice(8)]);
    vendor.misbehave({ kind: "drift", stream: "campaigns", field: "name", change: "rename" });
    const { body } = await call(vendor, `${ACCOUNT}/campaigns`, { fields: "name" });
    expect(body.data?.[0]).toHaveProperty("name_v2");
  });
});

describe("batch", () => {
  const batchOf = (count: number) =>
    JSON.stringify(
      Array.from({ length: count }, () => ({
        method: "GET",
        relative_url: `v26.0/${ACCOUNT}/campaigns?fields=name`,
      })),
    );

  it("answers up to fifty calls in one", async () => {
    const vendor = await start();
    const full = await call(vendor, "", { batch: batchOf(50), include_headers: "false" }, "POST");
    const answers: { code: number; body: string }[] = json(JSON.stringify(full.body));
    expect(answers.length).toBe(50);
    expect(answers.every(({ code, body }) => code === 200 && json(body).data.length > 0)).toBe(true);
    const more = await call(vendor, "", { batch: batchOf(51) }, "POST");
    expect(more.body.error?.message).toContain("Maximum batch size is 50");
    expect(vendor.log.length).toBe(2);
  });

  it("may end before all are answered", async () => {
    const vendor = await start({}, { misbehave: { kind: "truncate", calls: 1 } });
    const cut = await call(vendor, "", { batch: batchOf(4) }, "POST");
    expect(json(JSON.stringify(cut.body)).map((each: unknown) => each === null)).toEqual([
      false,
      false,
      true,
      true,
    ]);
  });
});

describe("limits, tokens and versions", () => {
  it("are reported in headers and enforced over a rolling hour", async () => {
    const vendor = await start({ limitFactor: 0.001 });
    const ask = () => call(vendor, `${ACCOUNT}/insights`, { ...DAILY, level: "account" });
    const first = await ask();
    const usage = json(first.headers.get("x-business-use-case-usage"))["880012340001"][0];
    expect(usage).toMatchObject({ type: "ads_insights", estimated_time_to_regain_access: 0 });
    for (let i = 0; i < 30; i++) await ask();
    const spent = await ask();
    expect([spent.status, spent.body.error?.code]).toEqual([400, 80000]);
    const reported = json(spent.headers.get("x-business-use-case-usage"))["880012340001"][0];
    expect(reported).toMatchObject({ call_count: 100, estimated_time_to_regain_access: 60 });
    expect(json(spent.headers.get("x-ad-account-usage"))).toMatchObject({
      acc_id_util_pct: 100,
      reset_time_duration: 3600,
    });
    vendor.setNow(NOW + 3_600_001);
    expect((await ask()).status).toBe(200);
  });

  it.each([
    [undefined, 80004, 2446079],
    [4, 4, 1504022],
    [17, 17, 2446079],
    [613, 613, 1487742],
  ])("throttle with variant %s as code %d", async (variant, code, subcode) => {
    const vendor = await start({}, { misbehave: { kind: "throttle", calls: 1, variant } });
    const { body, headers } = await call(vendor, `${ACCOUNT}/campaigns`);
    expect([body.error?.code, body.error?.error_subcode]).toEqual([code, subcode]);
    expect(json(headers.get("x-ad-account-usage")).acc_id_util_pct).toBe(100);
  });

  it("fail as documented", async () => {
    const vendor = await start();
    for (const [variant, status, code] of [
      [500, 500, 1],
      [503, 503, 2],
      [1504018, 400, 100],
      [1487534, 400, 100],
    ] as const) {
      vendor.misbehave({ kind: "fail", calls: 1, variant });
      const failed = await call(vendor, `${ACCOUNT}/campaigns`);
      expect([failed.status, failed.body.error?.code]).toEqual([status, code]);
    }
    vendor.misbehave({ kind: "drop", calls: 1 });
    await expect(call(vendor, `${ACCOUNT}/campaigns`)).rejects.toThrow();
  });

  it("restate the past", async () => {
    const vendor = await start();
    const ask = () => all(vendor, `${ACCOUNT}/insights`, { ...DAILY, level: "account" });
    const before = cents(await ask());
    vendor.misbehave({ kind: "restate", days: 60, percent: -10 });
    const after = cents(await ask());
    expect(after).toBeLessThan(before);
    expect(after).toBe(known(vendor));
  });

  it("exchange a code for a short-lived token and that for a long-lived one; both expire", async () => {
    const vendor = await start();
    const redirect_uri = "http://127.0.0.1:1/callback";
    const query = new URLSearchParams({
      client_id: CLIENT.client_id,
      response_type: "code",
      redirect_uri,
      state: "s",
      decision: "allow",
    });
    const back = await fetch(`${vendor.url}/v26.0/dialog/oauth?${query}`, { redirect: "manual" });
    const code = new URL(back.headers.get("location") ?? "").searchParams.get("code") ?? "";
    const short = await call(vendor, "oauth/access_token", { ...CLIENT, redirect_uri, code });
    expect(short.body.expires_in).toBe(7200);
    const fb_exchange_token = String(short.body.access_token);
    const long = await call(vendor, "oauth/access_token", {
      ...CLIENT,
      grant_type: "fb_exchange_token",
      fb_exchange_token,
    });
    expect(long.body.expires_in).toBe(60 * 86_400);
    const access_token = String(long.body.access_token);
    expect((await call(vendor, "me/adaccounts", { access_token })).status).toBe(200);
    vendor.misbehave({ kind: "expire_tokens" });
    const expired = await call(vendor, "me/adaccounts", { access_token });
    expect(expired.body.error).toMatchObject({ code: 190, error_subcode: 463 });
    vendor.misbehave({ kind: "revoke" });
    expect((await call(vendor, "me/adaccounts")).body.error).toMatchObject({ code: 190, error_subcode: 458 });
  });

  it("upgrade the version that just ended and refuse older ones", async () => {
    const vendor = await start();
    const ask = (version: string) =>
      call(vendor, `${vendor.url}/${version}/me/adaccounts?access_token=${metaAdsToken(7)}`);
    expect((await ask("v26.0")).headers.get("x-ad-api-version-warning")).toBeNull();
    const upgraded = await ask("v24.0");
    expect([upgraded.status, upgraded.headers.get("facebook-api-version")]).toEqual([200, "v25.0"]);
    expect(upgraded.headers.get("x-ad-api-version-warning")).toContain("auto-upgraded to v25.0");
    expect((await ask("v23.0")).body.error?.code).toBe(2635);
    expect((await ask("v99.0")).body.error?.code).toBe(2500);
  });
});
