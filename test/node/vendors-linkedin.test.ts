/** The LinkedIn Ads stand-in behaves as the vendor documents. */
import { afterEach, describe, expect, it } from "vitest";
import type { AdTruth } from "../../demo/vendors/ads.ts";
import {
  type LinkedinAdsOptions,
  linkedinAds,
  linkedinAdsTokens,
} from "../../demo/vendors/linkedin-ads/index.ts";
import { type RunningVendor, startVendor, type VendorOptions } from "../../demo/vendors/server/index.ts";
import { CLIENT } from "../../demo/vendors/server/oauth.ts";

const NOW = Date.UTC(2026, 10, 21, 3);
const DAY_MS = 86_400_000;
const ACCOUNT = "507000001";
const URN = `urn%3Ali%3AsponsoredAccount%3A${ACCOUNT}`;
const running: RunningVendor<AdTruth>[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((vendor) => vendor.close()));
});

async function start(options: LinkedinAdsOptions = {}, more: VendorOptions = {}) {
  const vendor = await startVendor(linkedinAds(options), { seed: 7, now: NOW, ...more });
  running.push(vendor);
  return vendor;
}

interface Element {
  [field: string]: unknown;
  clicks?: number;
  costInLocalCurrency?: string;
  pivotValues?: string[];
}
interface Body {
  elements?: Element[];
  metadata?: { nextPageToken?: string };
  code?: string;
  message?: string;
  serviceErrorCode?: number;
}

const HEADERS = {
  authorization: `Bearer ${linkedinAdsTokens(7).access}`,
  "linkedin-version": "202610",
  "x-restli-protocol-version": "2.0.0",
};

async function get(vendor: RunningVendor<AdTruth>, path: string, headers: Record<string, string> = {}) {
  const answer = await fetch(`${vendor.url}/rest/${path}`, { headers: { ...HEADERS, ...headers } });
  const body: Body = JSON.parse(await answer.text());
  return { status: answer.status, headers: answer.headers, body };
}

async function all(vendor: RunningVendor<AdTruth>, path: string): Promise<Element[]> {
  const elements: Element[] = [];
  let token: string | undefined;
  do {
    const { body } = await get(vendor, token ? `${path}&pageToken=${token}` : path);
    elements.push(...(body.elements ?? []));
    token = body.metadata?.nextPageToken;
  } while (token);
  return elements;
}

const RANGE = "dateRange=(start:(year:2026,month:8,day:1),end:(year:2026,month:10,day:31))";
const FIELDS =
  "fields=dateRange,pivotValues,impressions,clicks,costInLocalCurrency,externalWebsiteConversions";
const analytics = (pivot: string, more = `&${FIELDS}`, granularity = "DAILY") =>
  `adAnalytics?q=analytics&pivot=${pivot}&timeGranularity=${granularity}&${RANGE}&accounts=List(${URN})${more}`;
const cents = (elements: Element[] = []) =>
  elements.reduce(
    (total, { costInLocalCurrency }) => total + Math.round(Number(costInLocalCurrency) * 100),
    0,
  );
const known = (vendor: RunningVendor<AdTruth>) =>
  vendor.account.spend("linkedin_ads", "2026-08-01", "2026-10-31", vendor.now()).get("USD") ?? 0;

describe("adAnalytics", () => {
  it.each(["ACCOUNT", "CAMPAIGN_GROUP", "CAMPAIGN", "CREATIVE"])("by %s adds up", async (pivot) => {
    const vendor = await start();
    for (const granularity of ["ALL", "DAILY", "MONTHLY", "YEARLY"]) {
      const { body } = await get(vendor, analytics(pivot, undefined, granularity));
      expect(cents(body.elements)).toBe(known(vendor));
    }
  });

  it("by creative and day equals the truth", async () => {
    const vendor = await start();
    const { body } = await get(vendor, analytics("CREATIVE"));
    const truth = vendor.truth().days("2026-08-01", "2026-10-31");
    expect(body.elements?.length).toBe(truth.length);
    const clicks = body.elements?.reduce((total, element) => total + (element.clicks ?? 0), 0);
    expect(clicks).toBe(truth.reduce((total, day) => total + day.clicks, 0));
  });

  it("is limited to the named entities", async () => {
    const vendor = await start();
    const [campaign] = vendor.truth().campaigns;
    const only = `&${FIELDS}&campaigns=List(urn%3Ali%3AsponsoredCampaign%3A${campaign?.id})`;
    const { body } = await get(vendor, analytics("CAMPAIGN", only, "ALL"));
    expect(body.elements?.map(({ pivotValues }) => pivotValues)).toEqual([
      [`urn:li:sponsoredCampaign:${campaign?.id}`],
    ]);
  });

  it("returns impressions and clicks by default and at most twenty fields", async () => {
    const vendor = await start();
    const plain = await get(vendor, analytics("CAMPAIGN", ""));
    expect(Object.keys(plain.body.elements?.[0] ?? {})).toEqual(["impressions", "clicks"]);
    const many = (count: number) => `&fields=${Array.from({ length: count }, () => "likes").join(",")}`;
    expect((await get(vendor, analytics("CAMPAIGN", many(20)))).status).toBe(200);
    expect((await get(vendor, analytics("CAMPAIGN", many(21)))).status).toBe(400);
  });

  it("is truncated silently: recognizable only by exactly the maximum", async () => {
    const vendor = await start({ elementsMax: 100 });
    const { status, body } = await get(vendor, analytics("CREATIVE"));
    expect([status, body.elements?.length]).toEqual([200, 100]);
    expect(body.metadata).toBeUndefined();
    const other = await start({}, { misbehave: { kind: "truncate", calls: 1 } });
    const half = (await get(other, analytics("CREATIVE"))).body.elements?.length ?? 0;
    expect(half).toBe(Math.floor(((await get(other, analytics("CREATIVE"))).body.elements?.length ?? 0) / 2));
  });

  it("requires unencoded parentheses, and the second protocol", async () => {
    const vendor = await start();
    const encoded = analytics("CAMPAIGN").replaceAll("(", "%28").replaceAll(")", "%29");
    expect((await get(vendor, encoded)).status).toBe(400);
    expect((await get(vendor, analytics("CAMPAIGN"), { "x-restli-protocol-version": "1.0.0" })).status).toBe(
      400,
    );
  });

  it("accepts long queries only in the body, and fifty entities", async () => {
    const vendor = await start();
    const [path, query] = analytics("CREATIVE").split("?");
    const filler = `&note=${"x".repeat(4_000)}`;
    const long = await fetch(`${vendor.url}/rest/${path}?${query}${filler}`, { headers: HEADERS });
    expect(long.status).toBe(414);
    const tunnelled = await fetch(`${vendor.url}/rest/${path}`, {
      method: "POST",
      headers: {
        ...HEADERS,
        "x-http-method-override": "GET",
        "content-type": "application/x-www-form-urlencoded",
      },
      body: `${query}${filler}`,
    });
    const body: Body = JSON.parse(await tunnelled.text());
    expect(cents(body.elements)).toBe(known(vendor));
    const urns = Array.from({ length: 51 }, (_, i) => `urn%3Ali%3AsponsoredCampaign%3A${i}`).join(",");
    expect((await get(vendor, analytics("CAMPAIGN", `&campaigns=List(${urns})`))).status).toBe(400);
  });

  it("is the same for the same seed and restated on demand", async () => {
    const [first, again] = [await start(), await start()];
    const asked = analytics("CREATIVE");
    expect((await get(first, asked)).body).toEqual((await get(again, asked)).body);
    first.misbehave({ kind: "restate", days: 60, percent: 20 });
    const restated = cents((await get(first, asked)).body.elements);
    expect(restated).toBe(known(first));
    expect(restated).toBeGreaterThan(known(again));
  });
});

describe("objects", () => {
  it("come in pages by token", async () => {
    const vendor = await start();
    expect((await all(vendor, "adAccounts?q=search")).map(({ id }) => id)).toEqual([Number(ACCOUNT)]);
    const campaigns = await all(vendor, `adAccounts/${ACCOUNT}/adCampaigns?q=search&pageSize=4`);
    expect(campaigns.map(({ name }) => name)).toEqual(vendor.truth().campaigns.map(({ name }) => name));
    const creatives = await all(vendor, `adAccounts/${ACCOUNT}/creatives?q=criteria&pageSize=10`);
    expect(creatives.length).toBe(vendor.truth().ads.length);
    expect((await get(vendor, `adAccounts/${ACCOUNT}/creatives?q=criteria&pageSize=101`)).status).toBe(400);
    expect((await get(vendor, "adAccounts/1/creatives?q=criteria")).status).toBe(404);
    vendor.misbehave({ kind: "repeat_page", calls: 1 });
    const twice = await all(vendor, `adAccounts/${ACCOUNT}/adCampaigns?q=search&pageSize=3`);
    expect(twice.slice(3)).toEqual(twice.slice(0, 3));
  });

  it("are removed, archived and drift", async () => {
    const vendor = await start();
    const [first, second] = vendor.truth().campaigns;
    vendor.misbehave([
      { kind: "remove", stream: "adCampaigns", ids: [first?.id ?? ""] },
      { kind: "archive", stream: "adCampaigns", ids: [second?.id ?? ""] },
      { kind: "drift", stream: "adCampaigns", field: "dailyBudget.amount", change: "retype" },
    ]);
    const path = `adAccounts/${ACCOUNT}/adCampaigns?q=search`;
    const all = await get(vendor, `${path}&search=(status:(values:List(REMOVED,ARCHIVED)))`);
    const ids = all.body.elements?.map(({ id }) => String(id));
    expect(ids).toEqual(expect.arrayContaining([first?.id, second?.id]));
    expect(all.body.elements?.[0]?.dailyBudget).toMatchObject({ amount: expect.any(Number) });
  });
});

describe("versions, limits and tokens", () => {
  it.each([
    ["202511", 426],
    ["202512", 200],
    ["202612", 426],
    ["2026-10", 400],
  ])("version %s answers %d", async (version, status) => {
    const vendor = await start();
    const answer = await get(vendor, "adAccounts?q=search", { "linkedin-version": version });
    expect(answer.status).toBe(status);
    if (status === 426) expect(answer.body.message).toBe(`Requested version ${version}01 is not active`);
  });

  it("counts each resource by UTC day, without a header", async () => {
    const vendor = await start({ callsADay: 2 });
    const ask = () => get(vendor, "adAccounts?q=search");
    expect([(await ask()).status, (await ask()).status]).toEqual([200, 200]);
    const spent = await ask();
    expect(spent.status).toBe(429);
    expect(spent.headers.get("retry-after")).toBeNull();
    expect((await get(vendor, analytics("CAMPAIGN"))).status).toBe(200);
    vendor.setNow(Date.UTC(2026, 10, 22));
    expect((await ask()).status).toBe(200);
  });

  it("throttles, fails and drops on demand", async () => {
    const vendor = await start();
    vendor.misbehave([
      { kind: "throttle", calls: 1 },
      { kind: "fail", calls: 1, variant: 503 },
      { kind: "drop", calls: 1 },
    ]);
    expect((await get(vendor, analytics("CAMPAIGN"))).body.message).toContain("throttle");
    expect((await get(vendor, analytics("CAMPAIGN"))).status).toBe(503);
    await expect(get(vendor, analytics("CAMPAIGN"))).rejects.toThrow();
    expect((await get(vendor, analytics("CAMPAIGN"))).status).toBe(200);
  });

  it("ends access after 60 days and refreshing after a year", async () => {
    const vendor = await start();
    const refresh = async () => {
      const body = new URLSearchParams({
        ...CLIENT,
        grant_type: "refresh_token",
        refresh_token: linkedinAdsTokens(7).refresh,
      });
      const answer = await fetch(`${vendor.url}/oauth/v2/accessToken`, { method: "POST", body });
      return { status: answer.status, body: JSON.parse(await answer.text()) };
    };
    const ask = (token: string, version: string) =>
      get(vendor, "adAccounts?q=search", { authorization: `Bearer ${token}`, "linkedin-version": version });
    vendor.setNow(NOW + 60 * DAY_MS);
    const old = await ask(linkedinAdsTokens(7).access, "202612");
    expect([old.status, old.body.code, old.body.serviceErrorCode]).toEqual([
      401,
      "EXPIRED_ACCESS_TOKEN",
      65602,
    ]);
    const renewed = await refresh();
    expect(renewed.body).toMatchObject({
      expires_in: 5_184_000,
      refresh_token_expires_in: (305 * DAY_MS) / 1000,
    });
    expect((await ask(renewed.body.access_token, "202612")).status).toBe(200);
    vendor.misbehave({ kind: "expire_tokens" });
    expect((await ask(renewed.body.access_token, "202612")).status).toBe(401);
    vendor.setNow(NOW + 365 * DAY_MS);
    expect(await refresh()).toMatchObject({ status: 400, body: { error: "invalid_grant" } });
    vendor.misbehave({ kind: "revoke" });
    expect((await ask(renewed.body.access_token, "202710")).body.code).toBe("REVOKED_ACCESS_TOKEN");
  });
});
