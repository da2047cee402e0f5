/** The Google Ads stand-in behaves as the vendor documents. */
import { createHash } from "node:crypto";
import { afterEach, describe, expect, it } from "vitest";
import type { AdTruth } from "../../demo/vendors/ads.ts";
import { MANAGER_ID } from "../../demo/vendors/google-ads/gate.ts";
import { type GoogleAdsOptions, googleAds, googleAdsTokens } from "../../demo/vendors/google-ads/index.ts";
import { type RunningVendor, startVendor, type VendorOptions } from "../../demo/vendors/server/index.ts";
import { CLIENT } from "../../demo/vendors/server/oauth.ts";

const NOW = Date.UTC(2026, 10, 21, 3);
const US = "4155550101";
const JAPAN = "4155550102";
const running: RunningVendor<AdTruth>[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((vendor) => vendor.close()));
});

async function start(options: GoogleAdsOptions = {}, more: VendorOptions = {}) {
  const vendor = await startVendor(googleAds(options), { seed: 7, now: NOW, ...more });
  running.push(vendor);
  return vendor;
}

interface ResultRow {
  campaign?: { id: string; status?: string; name?: string };
  adGroupCriterion?: { criterionId: string };
  segments?: { date: string };
  metrics?: Record<string, string | number>;
}
interface Batch {
  results?: ResultRow[];
  nextPageToken?: string;
  fieldMask?: string;
  queryResourceConsumption?: string;
  error?: { code: number; status: string; details?: { errors: unknown[] }[] };
}

const post = (
  vendor: RunningVendor<AdTruth>,
  path: string,
  body: object,
  headers: Record<string, string> = {},
) =>
  fetch(vendor.url + path, {
    method: "POST",
    headers: {
      authorization: `Bearer ${googleAdsTokens(7).access}`,
      "login-customer-id": MANAGER_ID,
      "content-type": "application/json",
      ...headers,
    },
    body: JSON.stringify(body),
  });

async function stream(vendor: RunningVendor<AdTruth>, customer: string, query: string): Promise<Batch[]> {
  const answer = await post(vendor, `/v26/customers/${customer}/googleAds:searchStream`, { query });
  expect(answer.status).toBe(200);
  return JSON.parse(await answer.text());
}

const rowsOf = (batches: Batch[]) => batches.flatMap(({ results }) => results ?? []);
const sum = (rows: ResultRow[], metric: string) =>
  rows.reduce((total, row) => total + Number(row.metrics?.[metric] ?? 0), 0);
const RANGE = "segments.date BETWEEN '2026-08-01' AND '2026-10-31'";
const METRICS = "metrics.impressions, metrics.clicks, metrics.cost_micros, metrics.conversions";
const errorOf = async (answer: Response) => {
  const { error } = JSON.parse(await answer.text());
  return { status: answer.status, code: error.status, detail: error.details?.[0].errors[0] };
};

describe("numbers", () => {
  it.each(["customer", "campaign", "ad_group", "ad_group_ad", "keyword_view"])(
    "of %s add up to the account's spend over all batches",
    async (resource) => {
      const vendor = await start({ batchRows: 100 });
      const query = `SELECT segments.date, ${METRICS} FROM ${resource} WHERE ${RANGE}`;
      const spend = vendor.account.spend("google_ads", "2026-08-01", "2026-10-31", NOW);
      const us = await stream(vendor, US, query);
      const japan = await stream(vendor, JAPAN, query);
      expect(sum(rowsOf(us), "costMicros")).toBe((spend.get("USD") ?? 0) * 10_000);
      expect(sum(rowsOf(japan), "costMicros")).toBe((spend.get("JPY") ?? 0) * 1_000_000);
      if (resource !== "customer") expect(us.length).toBeGreaterThan(1);
      expect(us.at(-1)?.queryResourceConsumption).toBeDefined();
    },
  );

  it("of ads by day equal the truth row by row, and int64 arrive as text", async () => {
    const vendor = await start();
    const rows = rowsOf(
      await stream(
        vendor,
        US,
        `SELECT campaign.id, ad_group_ad.ad.id, segments.date, ${METRICS} FROM ad_group_ad WHERE ${RANGE}`,
      ),
    );
    const truth = vendor
      .truth()
      .days("2026-08-01", "2026-10-31")
      .filter((day) => day.accountId === US);
    expect(rows.length).toBe(truth.length);
    expect(sum(rows, "clicks")).toBe(truth.reduce((total, day) => total + day.clicks, 0));
    expect(typeof rows[0]?.metrics?.clicks).toBe("string");
    expect(typeof rows[0]?.metrics?.conversions).toBe("number");
  });

  it("come in one row for each object without segments, idle ones with zeros", async () => {
    const vendor = await start();
    const rows = rowsOf(
      await stream(vendor, US, `SELECT campaign.id, ${METRICS} FROM campaign WHERE ${RANGE}`),
    );
    expect(rows.length).toBe(6);
    expect(rows.some((row) => row.metrics?.clicks === "0")).toBe(true);
    const active = await stream(
      vendor,
      US,
      `SELECT campaign.id FROM campaign WHERE metrics.impressions > 0 AND ${RANGE} ORDER BY campaign.id DESC LIMIT 2`,
    );
    expect(rowsOf(active).length).toBe(2);
  });

  it("are the same for the same seed and others for another", async () => {
    const query = `SELECT campaign.name, segments.date, ${METRICS} FROM campaign WHERE ${RANGE}`;
    const [first, again] = [await start(), await start()];
    expect(await stream(first, US, query)).toEqual(await stream(again, US, query));
    const other = await start({}, { seed: 8 });
    const answer = await post(
      other,
      `/v26/customers/${US}/googleAds:searchStream`,
      { query },
      { authorization: `Bearer ${googleAdsTokens(8).access}` },
    );
    expect(JSON.parse(await answer.text())).not.toEqual(await stream(first, US, query));
  });
});

describe("search", () => {
  const body = { query: `SELECT campaign.id, segments.date, ${METRICS} FROM ad_group_ad WHERE ${RANGE}` };
  async function pages(vendor: RunningVendor<AdTruth>): Promise<Batch[]> {
    const found: Batch[] = [];
    do {
      const pageToken = found.at(-1)?.nextPageToken;
      const answer = await post(vendor, `/v26/customers/${US}/googleAds:search`, { ...body, pageToken });
      found.push(JSON.parse(await answer.text()));
    } while (found.at(-1)?.nextPageToken);
    return found;
  }

  it("returns all rows in pages of a fixed size and refuses a page size", async () => {
    const vendor = await start({ batchRows: 200 });
    const found = await pages(vendor);
    const spend = vendor.account.spend("google_ads", "2026-08-01", "2026-10-31", NOW).get("USD") ?? 0;
    expect(found.length).toBeGreaterThan(3);
    expect(sum(rowsOf(found), "costMicros")).toBe(spend * 10_000);
    const sized = await post(vendor, `/v26/customers/${US}/googleAds:search`, { ...body, pageSize: 100 });
    expect((await errorOf(sized)).detail.errorCode).toEqual({ requestError: "PAGE_SIZE_NOT_SUPPORTED" });
    const bad = await post(vendor, `/v26/customers/${US}/googleAds:search`, { ...body, pageToken: "x" });
    expect((await errorOf(bad)).detail.errorCode).toEqual({ requestError: "INVALID_PAGE_TOKEN" });
  });

  it("can repeat a page", async () => {
    const vendor = await start({ batchRows: 200 }, { misbehave: { kind: "repeat_page", calls: 1 } });
    const found = await pages(vendor);
    expect(found[1]?.results).toEqual(found[0]?.results);
  });
});

describe("refusals", () => {
  it.each([
    ["SELECT campaign.nothing FROM campaign", "UNRECOGNIZED_FIELD"],
    ["SELECT campaign.id FROM nowhere", "BAD_RESOURCE_TYPE_IN_FROM_CLAUSE"],
    ["SELECT ad_group.id FROM campaign", "PROHIBITED_RESOURCE_TYPE_IN_SELECT_CLAUSE"],
    ["SELECT metrics.clicks FROM customer_client", "PROHIBITED_METRIC_IN_SELECT_OR_WHERE_CLAUSE"],
    ["SELECT segments.date, metrics.clicks FROM campaign", "EXPECTED_FILTERS_ON_DATE_RANGE"],
    ["SELECT campaign.id FROM campaign WHERE", "UNEXPECTED_INPUT"],
  ])("%s is %s", async (query, queryError) => {
    const vendor = await start();
    const answer = await post(vendor, `/v26/customers/${US}/googleAds:searchStream`, { query });
    const { status, code, detail } = await errorOf(answer);
    expect([status, code, detail.errorCode]).toEqual([400, "INVALID_ARGUMENT", { queryError }]);
  });

  it("name a missing or malformed login-customer-id, and metrics of a manager", async () => {
    const vendor = await start();
    const path = `/v26/customers/${US}/googleAds:searchStream`;
    const query = "SELECT campaign.id, metrics.clicks FROM campaign";
    const wrong = await post(vendor, path, { query }, { "login-customer-id": US });
    expect((await errorOf(wrong)).detail.errorCode).toEqual({ authorizationError: "USER_PERMISSION_DENIED" });
    const dashed = await post(vendor, path, { query }, { "login-customer-id": "415-555-0100" });
    expect((await errorOf(dashed)).detail.errorCode).toEqual({ headerError: "INVALID_LOGIN_CUSTOMER_ID" });
    const manager = await post(vendor, path.replace(US, MANAGER_ID), { query });
    expect((await errorOf(manager)).detail.errorCode).toEqual({
      queryError: "REQUESTED_METRICS_FOR_MANAGER",
    });
  });

  it("end a version on its sunset", async () => {
    const vendor = await start();
    const query = "SELECT campaign.id FROM campaign";
    const call = (version: string) =>
      post(vendor, `/${version}/customers/${US}/googleAds:searchStream`, { query });
    const { status, detail } = await errorOf(await call("v22"));
    expect([status, detail.errorCode]).toEqual([400, { requestError: "UNSUPPORTED_VERSION" }]);
    expect((await call("v23")).status).toBe(200);
    vendor.setNow(Date.UTC(2027, 1, 2));
    expect((await call("v99")).status).toBe(404);
  });

  it("follow the access level of the Cloud project", async () => {
    const query = "SELECT campaign.id FROM campaign";
    const path = `/v26/customers/${US}/googleAds:searchStream`;
    const test = await errorOf(await post(await start({ level: "test" }), path, { query }));
    expect(test.detail.errorCode).toEqual({
      authorizationError: "CLOUD_PROJECT_NOT_APPROVED_FOR_PRODUCTION",
    });
    const vendor = await start({ level: "explorer" });
    for (let i = 0; i < 2_880; i++) await (await post(vendor, path, { query: "SELECT" })).body?.cancel();
    const spent = await errorOf(await post(vendor, path, { query }));
    expect([spent.status, spent.code]).toEqual([429, "RESOURCE_EXHAUSTED"]);
    expect(spent.detail.details.quotaErrorDetails.retryDelay).toBe(`${21 * 3600}s`);
    vendor.setNow(NOW + 22 * 3_600_000);
    const { refresh_token, ...rest } = { ...CLIENT, refresh_token: googleAdsTokens(7).refresh };
    const form = new URLSearchParams({ ...rest, refresh_token, grant_type: "refresh_token" });
    const renewed = JSON.parse(
      await (await fetch(`${vendor.url}/token`, { method: "POST", body: form })).text(),
    );
    const next = await post(vendor, path, { query }, { authorization: `Bearer ${renewed.access_token}` });
    expect(next.status).toBe(200);
  });
});

describe("misbehavior", () => {
  const query = `SELECT campaign.id, campaign.status, segments.date, ${METRICS} FROM campaign WHERE ${RANGE}`;
  const path = `/v26/customers/${US}/googleAds:searchStream`;

  it("throttles with a retry delay", async () => {
    const vendor = await start({}, { misbehave: { kind: "throttle", calls: 1 } });
    const { status, detail } = await errorOf(await post(vendor, path, { query }));
    expect([status, detail.errorCode]).toEqual([429, { quotaError: "RESOURCE_TEMPORARILY_EXHAUSTED" }]);
    expect(detail.details.quotaErrorDetails.retryDelay).toBe("5s");
    expect((await post(vendor, path, { query })).status).toBe(200);
  });

  it("drops a stream, breaks one half way, and fails", async () => {
    const vendor = await start({}, { misbehave: { kind: "drop", calls: 1 } });
    await expect(post(vendor, path, { query }).then((answer) => answer.text())).rejects.toThrow();
    vendor.misbehave({ kind: "fail", calls: 1, variant: "stream" });
    const broken = await stream(vendor, US, query);
    expect(broken.map((batch) => batch.error?.status)).toEqual([undefined, "UNAVAILABLE"]);
    vendor.misbehave({ kind: "fail", calls: 1, variant: 503 });
    expect((await post(vendor, path, { query })).status).toBe(503);
    expect(vendor.log.map(({ fault }) => fault)).toEqual(["drop", "fail", "fail"]);
  });

  it("silently loses a day and repeats rows", async () => {
    const vendor = await start({ batchRows: 100 });
    const whole = rowsOf(await stream(vendor, US, query));
    vendor.misbehave({ kind: "truncate", calls: 1 });
    const cut = rowsOf(await stream(vendor, US, query));
    const days = (rows: ResultRow[]) => new Set(rows.map(({ segments }) => segments?.date));
    expect([...days(whole)].filter((day) => !days(cut).has(day))).toEqual(["2026-10-31"]);
    vendor.misbehave({ kind: "repeat_page", calls: 1 });
    expect(rowsOf(await stream(vendor, US, query)).length).toBe(whole.length + 100);
  });

  it("restates, removes and drifts, also in its truth", async () => {
    const vendor = await start();
    const before = sum(rowsOf(await stream(vendor, US, query)), "costMicros");
    vendor.misbehave([
      { kind: "restate", days: 60, percent: 10 },
      { kind: "remove", stream: "campaign", ids: [vendor.truth().campaigns[0]?.id ?? ""] },
    ]);
    const rows = rowsOf(await stream(vendor, US, query));
    expect(sum(rows, "costMicros")).toBeGreaterThan(before);
    const truth = vendor.truth();
    const known = new Map(truth.campaigns.map(({ id, status }) => [id, status]));
    expect(known.get(truth.campaigns[0]?.id ?? "")).toBe("removed");
    const words: Record<string, string> = { active: "ENABLED", paused: "PAUSED", removed: "REMOVED" };
    for (const { campaign } of rows)
      expect(campaign?.status).toBe(words[known.get(campaign?.id ?? "") ?? ""]);
    vendor.misbehave({ kind: "drift", stream: "campaign", field: "metrics.clicks", change: "retype" });
    const [drifted] = rowsOf(await stream(vendor, US, query));
    expect(typeof drifted?.metrics?.clicks).toBe("number");
  });
});

describe("tokens", () => {
  it("come from a consent with state and PKCE, expire, are refreshed and are revoked", async () => {
    const vendor = await start();
    const verifier = "a-verifier-of-at-least-forty-three-characters-0123456789";
    const redirect_uri = "http://127.0.0.1:1/callback";
    const consent = new URLSearchParams({
      client_id: CLIENT.client_id,
      response_type: "code",
      redirect_uri,
      state: "s1",
      code_challenge: createHash("sha256").update(verifier).digest("base64url"),
      code_challenge_method: "S256",
    });
    const page = await fetch(`${vendor.url}/o/oauth2/v2/auth?${consent}`);
    const [, link = ""] = /href="([^"]+)">Allow/.exec(await page.text()) ?? [];
    const href = link.replaceAll("&#38;", "&");
    const back = await fetch(vendor.url + href, { redirect: "manual" });
    const target = new URL(back.headers.get("location") ?? "");
    expect(target.searchParams.get("state")).toBe("s1");
    const exchange = async (fields: Record<string, string>) => {
      const body = new URLSearchParams({ ...CLIENT, ...fields });
      const answer = await fetch(`${vendor.url}/token`, { method: "POST", body });
      return { status: answer.status, body: JSON.parse(await answer.text()) };
    };
    const code = target.searchParams.get("code") ?? "";
    const redeem = { grant_type: "authorization_code", code, redirect_uri, code_verifier: verifier };
    const granted = await exchange(redeem);
    expect(granted.body).toMatchObject({ token_type: "Bearer", expires_in: 3599 });
    expect((await exchange(redeem)).body.error).toBe("invalid_grant");

    const list = (access: string) =>
      fetch(`${vendor.url}/v26/customers:listAccessibleCustomers`, {
        headers: { authorization: `Bearer ${access}` },
      });
    expect(await (await list(granted.body.access_token)).json()).toEqual({
      resourceNames: [`customers/${MANAGER_ID}`],
    });
    vendor.misbehave({ kind: "expire_tokens" });
    expect((await list(granted.body.access_token)).status).toBe(401);
    const refresh = { grant_type: "refresh_token", refresh_token: granted.body.refresh_token };
    const renewed = await exchange(refresh);
    expect((await list(renewed.body.access_token)).status).toBe(200);
    vendor.setNow(NOW + 3_600_001);
    expect((await list(renewed.body.access_token)).status).toBe(401);
    vendor.misbehave({ kind: "revoke" });
    expect((await exchange(refresh)).body).toMatchObject({ error: "invalid_grant" });
    expect((await exchange({ ...refresh, client_secret: "no" })).status).toBe(401);
  });
});
