/** The driver of Meta Ads, against the stand-in. */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { AdTruth } from "../../demo/vendors/ads.ts";
import { makeAccount } from "../../demo/vendors/company/index.ts";
import { type MetaAdsOptions, metaAds, metaAdsToken } from "../../demo/vendors/meta-ads/index.ts";
import { type RunningVendor, startVendor } from "../../demo/vendors/server/index.ts";
import { metaAds as driver } from "../../worker/sources/drivers/meta-ads/driver.ts";
import type { Answer, Call } from "../../worker/sources/vendor/driver.ts";
import { SourceReader } from "../support/read-source.ts";
import { expected } from "../support/vendors-truth/meta-ads.ts";

const NOW = Date.UTC(2026, 8, 15, 12);
const MINUTE_MS = 60_000;
const WEEK = { from: "2026-09-09", to: "2026-09-15" };
const STREAMS = ["ad_accounts", "campaigns", "ad_sets", "ads"];
const TOKEN = metaAdsToken(3);

let vendor: RunningVendor<AdTruth>;
let reader: SourceReader;
async function open(options: MetaAdsOptions = {}, campaigns = 12) {
  vendor = await startVendor(metaAds(options), {
    account: makeAccount({ seed: 3, campaigns }),
    seed: 3,
    now: NOW,
  });
  reader = new SourceReader(driver, vendor, { access_token: TOKEN });
}
beforeEach(() => open());
afterEach(() => vendor.close());

const truth = (stream: string, days = WEEK) => expected(vendor.truth(), stream, days);
const insights = (days = WEEK) => reader.read("ad_insights", days);
const failing = (read: Promise<unknown>) =>
  read.then(
    () => undefined,
    (error: unknown) => error,
  );

describe("objects", () => {
  it.each(STREAMS)("of %s are all there, also deleted and archived ones", async (stream) => {
    vendor.misbehave({ kind: "remove", stream: "campaigns", count: 1 });
    vendor.misbehave({ kind: "archive", stream: "adsets", count: 2 });
    vendor.misbehave({ kind: "remove", stream: "ads", count: 2 });
    expect(await reader.read(stream)).toEqual(truth(stream));
  });

  it.each(["skip_page", "repeat_page", "drop", "fail"] as const)("are whole after %s", async (kind) => {
    await vendor.close();
    await open({}, 200);
    vendor.misbehave({ kind, calls: 1, on: "/ads" });
    expect(await reader.read("ads")).toEqual(truth("ads"));
  });

  it("are requested in smaller pages when they are too large", async () => {
    vendor.misbehave({ kind: "fail", calls: 1, on: "/ads", variant: "1487534" });
    expect(await reader.read("ads")).toEqual(truth("ads"));
    expect(vendor.log.at(-1)?.query).toContain("limit=125");
  });
});

describe("insights", () => {
  it("equal the vendor's to the cent, also of deleted and archived ads", async () => {
    vendor.misbehave({ kind: "remove", stream: "campaigns", count: 1 });
    vendor.misbehave({ kind: "archive", stream: "ads", count: 2 });
    const found = await insights();
    expect(found).toEqual(truth("ad_insights"));
    const ids = new Set([...found.values()].map(({ campaign_id }) => campaign_id));
    const gone = vendor.truth().campaigns.find(({ status, id }) => status === "removed" && ids.has(id));
    expect(gone).toBeDefined();
  });

  it("of two weeks are one call, with explicit values for all defaults of Meta", async () => {
    const before = vendor.log.length;
    await insights({ from: "2026-09-02", to: "2026-09-15" });
    const asked = vendor.log.slice(before).filter(({ path }) => path !== "/v26.0/me/adaccounts");
    expect(asked.map(({ method, path }) => `${method} ${path}`)).toEqual(["POST /v26.0/"]);
    await insights({ from: "2026-09-15", to: "2026-09-15" });
    const query = new URLSearchParams(vendor.log.at(-1)?.query);
    expect(query.get("action_attribution_windows")).toBe('["7d_click","1d_view"]');
    expect(query.get("action_report_time")).toBe("mixed");
    expect(query.get("action_breakdowns")).toBe("[]");
  });

  it("of 90 days of a large account need less than a fifth of the calls of separate queries", async () => {
    await vendor.close();
    await open({}, 130);
    for (const stream of STREAMS) await reader.read(stream);
    const day = (back: number) => new Date(NOW - back * 86_400_000).toISOString().slice(0, 10);
    for (let back = 0; back < 90; back += 15) {
      const days = { from: day(back + 14), to: day(back) };
      expect(await insights(days)).toEqual(truth("ad_insights", days));
    }
    const calls = vendor.log.reduce((sum, { parts }) => sum + parts, 0);
    expect(vendor.log.length).toBeLessThanOrEqual(0.2 * calls);
  }, 60_000);

  it.each(["skip_page", "repeat_page", "truncate", "drop", "fail"] as const)(
    "are whole after %s",
    async (kind) => {
      await vendor.close();
      await open({}, 200);
      vendor.misbehave({ kind, calls: 2, on: kind.endsWith("page") ? "insights" : "" });
      expect(await insights()).toEqual(truth("ad_insights"));
    },
  );

  it.each(["1504018", "1504038", "1487534"])(
    "that are too much (%s) are made as reports",
    async (variant) => {
      vendor.misbehave({ kind: "fail", calls: 1, variant, on: "/v26.0/", after: 1 });
      expect(await insights()).toEqual(truth("ad_insights"));
      // Seven reports: started in a call, polled twice, read in one.
      expect(vendor.log.filter(({ path }) => path === "/v26.0/")).toHaveLength(5);
    },
  );

  it("are started again when a report fails, and are too much when it fails again and again", async () => {
    const day = { from: "2026-09-14", to: "2026-09-14" };
    const fail = (calls: number) => {
      vendor.misbehave({ kind: "fail", calls: 1, variant: "1504018", on: "/insights" });
      vendor.misbehave({ kind: "fail", calls, variant: "async", on: "/insights" });
    };
    fail(1);
    expect(await insights(day)).toEqual(truth("ad_insights", day));
    fail(3);
    expect(await failing(insights(day))).toMatchObject({ code: "too_much" });
  });

  it("are restated", async () => {
    const before = await insights();
    vendor.misbehave({ kind: "restate", days: 7, percent: 10 });
    expect(await insights()).toEqual(truth("ad_insights"));
    expect(await insights()).not.toEqual(before);
  });

  it("add up to the account's totals, including deleted ads", async () => {
    vendor.misbehave({ kind: "remove", stream: "campaigns", count: 2 });
    const account = await reader.account();
    const stream = driver.streams.find(({ name }) => name === "ad_insights");
    if (!stream || !driver.totals) throw new Error("no totals");
    const totals = await driver.totals(stream, account, WEEK, reader.session.context);
    const rows = [...truth("ad_insights").values()];
    for (const { day, totals: own } of totals)
      for (const name of ["impressions", "clicks", "spend_minor", "conversions", "value_minor"]) {
        const sum = rows.filter((row) => row.day === day).reduce((all, row) => all + Number(row[name]), 0);
        expect(own[name], `${day} ${name}`).toBeCloseTo(sum, 4);
      }
    expect(totals).toHaveLength(7);
  });
});

describe("refusals", () => {
  it.each([
    ["expire_tokens", /190\/463/],
    ["revoke", /190\/458/],
  ] as const)("after %s need a person, in batches too", async (kind, message) => {
    const account = await reader.account();
    vendor.misbehave({ kind });
    const read = driver.read(
      { stream: driver.streams[4] ?? never(), account, state: null, slice: WEEK },
      reader.session.context,
    );
    const error = await failing(read.next());
    expect(error).toMatchObject({ code: "auth", message });
    expect(String(error)).not.toContain(TOKEN);
  });

  it.each(["4", "17", "613", "80000", "80004"])("with code %s wait as the header says", async (variant) => {
    const account = await reader.account();
    vendor.misbehave({ kind: "throttle", calls: 1, variant });
    const read = driver.read(
      { stream: driver.streams[1] ?? never(), account, state: null },
      reader.session.context,
    );
    expect(await failing(read.next())).toMatchObject({ code: "rate_limited", until: NOW + MINUTE_MS });
  });

  it("contain no token, and `next` is not followed", async () => {
    await reader.read("ads");
    await insights();
    for (const { path, query } of vendor.log) expect(path + query).not.toContain(TOKEN);
  });

  it("of a drifted field name the field", async () => {
    vendor.misbehave({ kind: "drift", stream: "insights", field: "spend", change: "rename" });
    expect(await failing(insights())).toMatchObject({ code: "schema", message: /spend/ });
  });
});

describe("usage", () => {
  const call: Call = { path: "/v26.0/" };
  const answer = (headers: Record<string, string>, body: unknown = {}): Answer => ({
    status: 200,
    headers: new Headers(headers),
    body,
  });
  const business = JSON.stringify({
    "1": [
      {
        type: "ads_insights",
        call_count: 40,
        total_cputime: 95,
        total_time: 10,
        estimated_time_to_regain_access: 3,
      },
    ],
  });

  it("counts minutes of business use cases and seconds of accounts", () => {
    const account = JSON.stringify({ acc_id_util_pct: 100, reset_time_duration: 30 });
    const found = driver.usage?.(
      answer({ "x-business-use-case-usage": business, "x-ad-account-usage": account }),
      call,
      NOW,
    );
    expect(found).toEqual([
      { name: "ad_account", used: 1, until: NOW + 30_000 },
      { name: "ads_insights", used: 0.95, until: NOW + 3 * MINUTE_MS },
    ]);
  });

  it("is read from the parts of a batch", () => {
    const headers = [{ name: "X-Business-Use-Case-Usage", value: business }];
    const found = driver.usage?.(answer({}, [{ code: 200, headers, body: "{}" }, null]), call, NOW);
    expect(found).toEqual([{ name: "ads_insights", used: 0.95, until: NOW + 3 * MINUTE_MS }]);
  });
});

function never(): never {
  throw new Error("no such stream");
}
