/** The LinkedIn Ads driver, against the stand-in. */
import { afterEach, describe, expect, it } from "vitest";
import type { AdTruth } from "../../demo/vendors/ads.ts";
import { makeAccount } from "../../demo/vendors/company/index.ts";
import {
  type LinkedinAdsOptions,
  linkedinAdsTokens,
  linkedinAds as vendorOf,
} from "../../demo/vendors/linkedin-ads/index.ts";
import type { Misbehavior } from "../../demo/vendors/server/faults.ts";
import { type RunningVendor, startVendor } from "../../demo/vendors/server/index.ts";
import { ELEMENTS_MAX } from "../../worker/sources/drivers/linkedin-ads/analytics.ts";
import { linkedinAds, linkedinAdsDriver } from "../../worker/sources/drivers/linkedin-ads/driver.ts";
import { finder, list, value } from "../../worker/sources/drivers/linkedin-ads/restli.ts";
import { SourceReader } from "../support/read-source.ts";
import { expected } from "../support/vendors-truth/linkedin-ads.ts";

const NOW = Date.UTC(2026, 10, 21, 3);
const SLICE = { from: "2026-11-07", to: "2026-11-20" };
const DAY = { from: "2026-11-18", to: "2026-11-18" };
const running: RunningVendor<AdTruth>[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((vendor) => vendor.close()));
});

async function start(options: LinkedinAdsOptions = {}, { campaigns = 6, version = "202607" } = {}) {
  const account = makeAccount({ seed: 3, campaigns });
  const vendor = await startVendor(vendorOf(options), { seed: 3, now: NOW, account });
  running.push(vendor);
  const driver = options.elementsMax ? linkedinAdsDriver(options.elementsMax) : linkedinAds;
  const { access } = linkedinAdsTokens(3);
  const reader = new SourceReader(driver, vendor, { access_token: access }, { version });
  return { vendor, driver, reader };
}

function truth(vendor: RunningVendor<AdTruth>, stream: string, { from, to } = SLICE) {
  const all = vendor.truth();
  return expected({ ...all, days: all.days(from, to) }, stream);
}
const analyticsCalls = ({ log }: RunningVendor<AdTruth>) =>
  log.filter(({ path }) => path.endsWith("/adAnalytics"));
const failing = (reading: Promise<unknown>) =>
  reading.then(
    () => undefined,
    (error: unknown) => error,
  );

describe("lists", () => {
  it.each(["accounts", "campaigns", "creatives"])("give all %s", async (stream) => {
    const { vendor, reader } = await start({}, { campaigns: 60 });
    vendor.misbehave({ kind: "archive", stream: "creatives", count: 2 });
    vendor.misbehave({ kind: "remove", stream: "adCampaigns", count: 2 });
    expect(await reader.read(stream)).toEqual(truth(vendor, stream));
  });

  it("start again when a page is repeated", async () => {
    const { vendor, reader } = await start({}, { campaigns: 60 });
    vendor.misbehave({ kind: "repeat_page", calls: 1, on: "/creatives" });
    expect(await reader.read("creatives")).toEqual(truth(vendor, "creatives"));
  });
});

describe("days", () => {
  it("have all metrics, requested in chunks of at most 20 fields", async () => {
    const { vendor, reader } = await start();
    const found = await reader.read("ad_analytics", SLICE);
    expect(found).toEqual(truth(vendor, "ad_analytics"));
    const fields = analyticsCalls(vendor).map(
      ({ query }) => /fields=([^&]*)/.exec(query)?.[1]?.split(",") ?? [],
    );
    expect(fields.map(({ length }) => length)).toEqual([7, 20, 4]);
    expect(new Set(fields.flat()).size).toBe(21);
  });

  const faults: Misbehavior[] = [
    { kind: "truncate", calls: 1, on: "adAnalytics" },
    { kind: "truncate", calls: 1, after: 1, on: "adAnalytics" },
    { kind: "truncate", calls: 1, after: 2, on: "adAnalytics" },
    { kind: "drop", calls: 2, on: "adAnalytics" },
    { kind: "fail", calls: 2, on: "adAnalytics", variant: 503 },
  ];
  it.each(faults)("are whole after $kind of the call behind $after", async (fault) => {
    const { vendor, reader } = await start();
    vendor.misbehave(fault);
    const first = await failing(reader.read("ad_analytics", SLICE));
    // Chunks of different times are read again by the next attempt.
    if (first) expect(first).toMatchObject({ code: "unavailable" });
    expect(await reader.read("ad_analytics", SLICE)).toEqual(truth(vendor, "ad_analytics"));
  });

  it("are not complete while they are truncated", async () => {
    const { vendor, reader } = await start();
    vendor.misbehave({ kind: "truncate", calls: 99, on: "adAnalytics" });
    expect(await failing(reader.read("ad_analytics", SLICE))).toMatchObject({ code: "unavailable" });
  });

  it("are too many at exactly the number at which the vendor truncates", async () => {
    const elementsMax = truth((await start()).vendor, "ad_analytics").size;
    const { reader } = await start({ elementsMax });
    expect(await failing(reader.read("ad_analytics", SLICE))).toMatchObject({ code: "too_much" });
    const larger = await start({ elementsMax: elementsMax + 1 });
    expect((await larger.reader.read("ad_analytics", SLICE)).size).toBe(elementsMax);
  });

  it("are requested for at most 50 campaigns when one day is too much", async () => {
    const { vendor, reader } = await start({ elementsMax: 60 }, { campaigns: 70 });
    expect(await reader.read("ad_analytics", DAY)).toEqual(truth(vendor, "ad_analytics", DAY));
    const facets = analyticsCalls(vendor).flatMap(
      ({ query }) => /&campaigns=List\(([^)]*)/.exec(query)?.[1] ?? [],
    );
    expect(Math.max(...facets.map((facet) => facet.split(",").length))).toBe(50);
    expect(ELEMENTS_MAX).toBe(15_000);
  });

  it("add up to the campaigns' results, however long the slice", async () => {
    const { vendor, driver, reader } = await start({ elementsMax: 30 });
    const stream = driver.streams.find(({ name }) => name === "ad_analytics");
    if (!stream) throw new Error("no stream");
    const totals = await driver.totals?.(stream, await reader.account(), SLICE, reader.session.context);
    expect(totals?.map(({ day }) => day).sort()).toHaveLength(14);
    const cost = (totals ?? []).reduce((sum, own) => sum + (own.totals.cost_in_local_currency ?? 0), 0);
    const spend = vendor.account.spend("linkedin_ads", SLICE.from, SLICE.to, NOW).get("USD") ?? 0;
    expect(cost).toBeCloseTo(spend / 100, 6);
  });
});

describe("queries", () => {
  it("encode values but not their structure", () => {
    expect(list(["urn:li:sponsoredCampaign:1", "a(b),c"])).toBe(
      "List(urn%3Ali%3AsponsoredCampaign%3A1,a%28b%29%2Cc)",
    );
    expect(value("it's")).toBe("it%27s");
  });

  it("are tunneled when they are long", async () => {
    const { reader } = await start();
    const parameters = { search: `(status:(values:${list(["ACTIVE"])}))`, note: "n".repeat(5_000) };
    const call = finder("/rest/adAccounts", "search", parameters, {});
    expect(call).toMatchObject({ method: "POST", path: "/rest/adAccounts" });
    const answer = await reader.session.context.call(call);
    expect(answer.body).toMatchObject({ elements: [{ id: 507000001 }] });
  });
});

describe("access", () => {
  it.each<[string, object, Misbehavior]>([
    ["a token that lives", { code: "auth" }, { kind: "expire_tokens" }],
    ["consent", { code: "auth" }, { kind: "revoke" }],
    [
      "patience until midnight UTC",
      { code: "rate_limited", until: Date.UTC(2026, 10, 22) },
      { kind: "throttle", calls: 1 },
    ],
    [
      "five minutes after too many values",
      { code: "rate_limited", until: NOW + 330_000 },
      { kind: "throttle", calls: 1, variant: "data" },
    ],
  ])("requires %s", async (_, refusal, fault) => {
    const { vendor, reader } = await start();
    vendor.misbehave(fault);
    const error = await failing(reader.account());
    expect(error).toMatchObject(refusal);
    expect(String(error)).not.toContain(linkedinAdsTokens(3).access);
  });

  it("reports that a version is retired", async () => {
    const { reader } = await start({}, { version: "202511" });
    expect(await failing(reader.account())).toMatchObject({
      code: "forbidden",
      message: expect.stringContaining("was retired"),
    });
  });

  it("counts days in UTC", async () => {
    const { reader } = await start();
    expect(await reader.account()).toMatchObject({ id: "507000001", currency: "USD", timezone: "UTC" });
  });
});
