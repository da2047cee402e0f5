/** The Google Ads driver, against the stand-in. */
import { afterEach, describe, expect, it } from "vitest";
import type { AdTruth } from "../../demo/vendors/ads.ts";
import { makeAccount } from "../../demo/vendors/company/index.ts";
import { MANAGER_ID } from "../../demo/vendors/google-ads/gate.ts";
import { type GoogleAdsOptions, googleAds, googleAdsTokens } from "../../demo/vendors/google-ads/index.ts";
import type { Misbehavior } from "../../demo/vendors/server/faults.ts";
import { type RunningVendor, startVendor, type VendorOptions } from "../../demo/vendors/server/index.ts";
import { googleAds as driver } from "../../worker/sources/drivers/google-ads/driver.ts";
import { gaql, quoted } from "../../worker/sources/drivers/google-ads/gaql.ts";
import { SourceReader } from "../support/read-source.ts";
import { expected } from "../support/vendors-truth/google-ads.ts";

const NOW = Date.UTC(2026, 10, 21, 3);
const SLICE = { from: "2026-11-07", to: "2026-11-20" };
const LISTS = ["accounts", "campaigns", "ad_groups", "ads", "keywords"];
const DAYS = ["ad_performance", "keyword_performance"];
const HOUR_MS = 3_600_000;

const running: RunningVendor<AdTruth>[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((vendor) => vendor.close()));
});

async function start(options: GoogleAdsOptions = {}, more: VendorOptions = {}) {
  const account = makeAccount({ seed: 3, campaigns: 3 });
  const vendor = await startVendor(googleAds(options), { seed: 3, now: NOW, account, ...more });
  running.push(vendor);
  const { access } = googleAdsTokens(3);
  const reader = (settings = {}, version?: string) =>
    new SourceReader(driver, vendor, { access_token: access }, { settings, version });
  return { vendor, reader: reader(), readerWith: reader };
}

/** The expected records of the first account. */
function truth(vendor: RunningVendor<AdTruth>, stream: string, { from, to } = SLICE) {
  const all = vendor.truth();
  const truthOfRange = { ...all, days: all.days(from, to), keywordDays: all.keywordDays(from, to) };
  const own = all.accounts[0]?.id;
  return new Map([...expected(truthOfRange, stream)].filter(([, row]) => (row.account_id ?? row.id) === own));
}

const failing = (reading: Promise<unknown>) =>
  reading.then(
    () => undefined,
    (error: unknown) => error,
  );

describe("lists", () => {
  it.each(LISTS)("give all %s over all pages", async (stream) => {
    const { vendor, reader } = await start({ batchRows: 5 });
    expect(await reader.read(stream)).toEqual(truth(vendor, stream));
  });

  it("preserve removed objects, as REMOVED", async () => {
    const { vendor, reader } = await start();
    vendor.misbehave({ kind: "remove", stream: "ad_group_ad", count: 2 });
    const ads = await reader.read("ads");
    expect(ads).toEqual(truth(vendor, "ads"));
    expect([...ads.values()].filter(({ status }) => status === "REMOVED").length).toBe(2);
  });

  it("never set a page size", async () => {
    const { vendor, reader } = await start({ batchRows: 5 });
    await reader.read("ads");
    expect(vendor.log.every(({ status }) => status === 200)).toBe(true);
  });

  it("start again when a page is repeated", async () => {
    const { vendor, reader } = await start({ batchRows: 5 });
    vendor.misbehave({ kind: "repeat_page", calls: 1, on: ":search" });
    expect(await reader.read("ads")).toEqual(truth(vendor, "ads"));
  });
});

describe("days", () => {
  const faults: Misbehavior[] = [
    { kind: "drop", calls: 2, on: ":searchStream" },
    { kind: "truncate", calls: 2, on: ":searchStream" },
    { kind: "repeat_page", calls: 1, on: ":searchStream" },
    { kind: "fail", calls: 2, on: ":searchStream", variant: "stream" },
    { kind: "fail", calls: 2, on: ":searchStream", variant: 504 },
    { kind: "throttle", calls: 1, on: ":searchStream" },
  ];

  it.each(DAYS)("of %s are the vendor's", async (stream) => {
    const { vendor, reader } = await start({ batchRows: 7 });
    const found = await reader.read(stream, SLICE);
    expect(found).toEqual(truth(vendor, stream));
    expect(found.size).toBeGreaterThan(50);
  });

  it.each(DAYS.flatMap((stream) => faults.map((fault): [string, Misbehavior] => [stream, fault])))(
    "of %s are whole after %o",
    async (stream, fault) => {
      const { vendor, reader } = await start({ batchRows: 7 });
      vendor.misbehave(fault);
      expect(await reader.read(stream, SLICE)).toEqual(truth(vendor, stream));
    },
  );

  it("are not complete while they are truncated", async () => {
    const { vendor, reader } = await start();
    vendor.misbehave({ kind: "truncate", calls: 99 });
    expect(await failing(reader.read("ad_performance", SLICE))).toMatchObject({ code: "unavailable" });
  });

  it("cost one operation per query", async () => {
    const { vendor, readerWith } = await start();
    const reader = readerWith({ login_customer_id: MANAGER_ID });
    await reader.account();
    const before = vendor.log.length;
    await reader.read("keyword_performance", SLICE);
    // One to find the account, which `read` of the test calls, and one for the days.
    expect(vendor.log.length - before).toBe(2);
  });

  it("of yen are in micros too", async () => {
    const { vendor, reader } = await start();
    const [, japan] = await driver.check(reader.session.context);
    const stream = driver.streams.find(({ name }) => name === "ad_performance");
    if (!japan || !stream) throw new Error("no second account");
    expect(japan).toMatchObject({ currency: "JPY", timezone: "Asia/Tokyo" });
    let micros = 0;
    const request = { stream, account: { ...japan, selected: true }, state: null, slice: SLICE };
    for await (const message of driver.read(request, reader.session.context))
      if (message.type === "record") micros += Number(message.record.cost_micros);
    const spend = vendor.account.spend("google_ads", SLICE.from, SLICE.to, NOW).get("JPY") ?? 0;
    expect(micros).toBe(spend * 1_000_000);
  });

  it("add up to the campaigns' results", async () => {
    const { vendor, reader } = await start();
    const stream = driver.streams.find(({ name }) => name === "ad_performance");
    if (!stream) throw new Error("no stream");
    const totals = await driver.totals?.(stream, await reader.account(), SLICE, reader.session.context);
    expect(totals?.length).toBe(14);
    const cost = (totals ?? []).reduce((sum, { totals: own }) => sum + (own.cost_micros ?? 0), 0);
    const spend = vendor.account.spend("google_ads", SLICE.from, SLICE.to, NOW).get("USD") ?? 0;
    expect(cost).toBe(spend * 10_000);
  });
});

describe("access", () => {
  it("finds the accounts below a manager", async () => {
    const { reader } = await start();
    expect((await driver.check(reader.session.context)).map(({ id }) => id)).toEqual([
      "4155550101",
      "4155550102",
    ]);
  });

  it("accepts a manager's id with hyphens", async () => {
    const { vendor, readerWith } = await start();
    const reader = readerWith({ login_customer_id: "415-555-0100" });
    expect(await reader.read("campaigns")).toEqual(truth(vendor, "campaigns"));
    expect(vendor.log.some(({ path }) => path.includes("listAccessible"))).toBe(false);
  });

  it.each<[string, object, GoogleAdsOptions, Misbehavior | undefined, string | undefined]>([
    ["an approved project", { code: "forbidden" }, { level: "test" }, undefined, undefined],
    ["a token that lives", { code: "auth" }, {}, { kind: "expire_tokens" }, undefined],
    ["consent", { code: "auth" }, {}, { kind: "revoke" }, undefined],
    ["a version that is served", { code: "forbidden", message: /retired/ }, {}, undefined, "v22"],
    ["a version that there is", { code: "invalid" }, {}, undefined, "v99"],
  ])("requires %s", async (_, refusal, options, fault, version) => {
    const { vendor, readerWith } = await start(options);
    if (fault) vendor.misbehave(fault);
    const error = await failing(readerWith({}, version).account());
    const { code, message } = refusal as { code: string; message?: RegExp };
    expect(error).toMatchObject({ code });
    expect(String(error)).toMatch(message ?? /./);
    expect(String(error)).not.toContain(googleAdsTokens(3).access);
  });

  it("waits as long as an exhausted daily quota requires", async () => {
    const { vendor, reader } = await start();
    vendor.misbehave({ kind: "throttle", calls: 1, variant: "RESOURCE_EXHAUSTED" });
    expect(await failing(reader.account())).toMatchObject({ code: "rate_limited", until: NOW + HOUR_MS });
  });

  it("reports that a record changed its shape, without its values", async () => {
    const { vendor, reader } = await start();
    vendor.misbehave({ kind: "drift", stream: "campaign", field: "campaign.name", change: "rename" });
    expect(await failing(reader.read("campaigns"))).toMatchObject({
      code: "schema",
      message: "campaign.campaign.name: no string",
    });
  });
});

describe("queries", () => {
  it("escape texts", () => {
    const where = [`campaign.name = ${quoted("O'Hara \\ Sons")}`];
    expect(gaql({ select: ["campaign.id"], from: "campaign", where })).toBe(
      "SELECT campaign.id FROM campaign WHERE campaign.name = 'O\\'Hara \\\\ Sons'",
    );
  });
});
