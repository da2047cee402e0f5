/**
 * The vendors of the drivers' contract: how each is connected, the size of its account, and its possible
 * faults. One entry for each driver that has a stand-in.
 * @module
 */
import fc from "fast-check";
import { googleAdsTokens } from "../../demo/vendors/google-ads/index";
import { hubspotTokens } from "../../demo/vendors/hubspot/index";
import { linkedinAdsTokens } from "../../demo/vendors/linkedin-ads/index";
import { metaAdsToken } from "../../demo/vendors/meta-ads/index";
import type { CallFault, Misbehavior } from "../../demo/vendors/server/faults";
import { STRIPE_KEYS } from "../../demo/vendors/stripe/index";
import type { DriverName } from "../../schema/wire/vendors";
import { VENDORS } from "../../worker/sources/drivers/registry";
import type { Driver, Json, Secrets } from "../../worker/sources/vendor/driver";
import type { VendorName, VendorStart } from "../support/vendors/wire";
import { expected as expectedOfGoogleAds } from "../support/vendors-truth/google-ads";
import { expected as expectedOfHubspot } from "../support/vendors-truth/hubspot";
import { expected as expectedOfLinkedinAds } from "../support/vendors-truth/linkedin-ads";
import { expected as expectedOfMetaAds } from "../support/vendors-truth/meta-ads";
import { expected as expectedOfStripe } from "../support/vendors-truth/stripe";

/** Tokens as issued by a consent page. */
const tokens = ({ access, refresh }: { access: string; refresh: string }): Secrets => ({
  access_token: access,
  refresh_token: refresh,
});

type Days = { from: string; to: string };

/** Settings of a driver's tests. */
export interface SourceCase {
  driver: Driver;
  vendor: VendorName;
  settings: Record<string, Json>;
  connect(seed: number): Secrets;
  /** Keys for connecting again after access has ended; default: the consent page. */
  reconnect?(): Secrets;
  /** A small account. */
  start: Partial<VendorStart>;
  backfillDays: number;
  faults: fc.Arbitrary<Misbehavior>;
  /** Expected records of a stream, from the stand-in's truth. */
  expected(truth: never, stream: string, days: Days): Map<string, object>;
}

/** Faults of single calls, anywhere. */
const callFaults = (...more: CallFault[]) =>
  fc.record({
    kind: fc.constantFrom<CallFault[]>("throttle", "fail", "drop", "truncate", ...more),
    calls: fc.integer({ min: 1, max: 7 }),
    after: fc.integer({ min: 0, max: 12 }),
  });
const expiry = fc.constant<Misbehavior>({ kind: "expire_tokens" });
const restatement = (days: number) =>
  fc.record({
    kind: fc.constant("restate" as const),
    days: fc.integer({ min: 1, max: days }),
    percent: fc.integer({ min: -30, max: 30 }),
  });
const gone = (kind: "remove" | "archive", ...streams: string[]) =>
  fc.record({
    kind: fc.constant(kind),
    stream: fc.constantFrom(...streams),
    count: fc.integer({ min: 1, max: 2 }),
  });
/** Required fields of a record; others are ignored. */
const drift = (fields: Record<string, string[]>) =>
  fc
    .constantFrom(
      ...Object.entries(fields).flatMap(([stream, own]) => own.map((field) => ({ stream, field }))),
    )
    .chain(({ stream, field }) =>
      fc.constantFrom(
        ...(["rename", "null", "retype"] as const).map(
          (change): Misbehavior => ({ kind: "drift", stream, field, change }),
        ),
        { kind: "drift" as const, stream, field: field.replace(/\w+$/, "extra"), change: "add" as const },
      ),
    );

const CASES: Partial<Record<DriverName, Omit<SourceCase, "driver">>> = {
  stripe: {
    vendor: "stripe",
    settings: {},
    connect: () => ({ api_key: STRIPE_KEYS.full }),
    reconnect: () => ({ api_key: STRIPE_KEYS.rolled }),
    start: { account: { signups: 0.6, opened: "2026-08-20", campaigns: 1 } },
    backfillDays: 20,
    faults: fc.oneof(
      { weight: 4, arbitrary: callFaults("repeat_page", "skip_page") },
      expiry,
      restatement(20),
      gone("remove", "customers"),
      gone("archive", "products", "prices"),
      drift({
        customers: ["created"],
        invoices: ["total", "currency"],
        charges: ["amount"],
        prices: ["currency"],
      }),
    ),
    expected: expectedOfStripe,
  },
  hubspot: {
    vendor: "hubspot",
    settings: {},
    connect: (seed) => tokens(hubspotTokens(seed)),
    start: { account: { signups: 0.6, opened: "2026-08-20", campaigns: 1 } },
    backfillDays: 20,
    faults: fc.oneof(
      { weight: 4, arbitrary: callFaults("repeat_page", "skip_page") },
      expiry,
      restatement(20),
      gone("remove", "contacts", "companies", "deals"),
      gone("archive", "contacts", "companies", "deals"),
      fc.record({
        kind: fc.constant("search_lag" as const),
        lagMs: fc.integer({ min: 1_000, max: 900_000 }),
      }),
      drift({
        contacts: ["properties.createdate", "properties.lastmodifieddate"],
        deals: ["properties.createdate", "id"],
        pipelines: ["displayOrder", "stages"],
      }),
    ),
    expected: expectedOfHubspot,
  },
  meta_ads: {
    vendor: "meta_ads",
    settings: {},
    connect: (seed) => ({ access_token: metaAdsToken(seed) }),
    start: { account: { campaigns: 3 } },
    backfillDays: 12,
    faults: fc.oneof(
      { weight: 4, arbitrary: callFaults("repeat_page", "skip_page") },
      fc.record({
        kind: fc.constant("fail" as const),
        calls: fc.integer({ min: 1, max: 4 }),
        after: fc.integer({ min: 0, max: 8 }),
        variant: fc.constantFrom("503", "1504018", "1504038", "1487534", "async"),
      }),
      expiry,
      restatement(20),
      gone("remove", "campaigns", "adsets", "ads"),
      gone("archive", "campaigns", "adsets", "ads"),
      drift({
        campaigns: ["name", "effective_status"],
        ads: ["adset_id", "created_time"],
        insights: ["spend", "clicks", "date_start"],
      }),
    ),
    expected: expectedOfMetaAds,
  },
  google_ads: {
    vendor: "google_ads",
    settings: {},
    connect: (seed) => tokens(googleAdsTokens(seed)),
    start: { account: { campaigns: 1 }, tweaks: { batchRows: 8 } },
    backfillDays: 7,
    faults: fc.oneof(
      { weight: 4, arbitrary: callFaults("repeat_page") },
      fc.record({
        kind: fc.constant("fail" as const),
        calls: fc.integer({ min: 1, max: 4 }),
        after: fc.integer({ min: 0, max: 8 }),
        variant: fc.constantFrom(503, 504, "stream"),
      }),
      expiry,
      restatement(20),
      gone("remove", "campaign", "ad_group", "ad_group_ad", "ad_group_criterion"),
      drift({
        campaign: ["campaign.name", "campaign.status"],
        ad_group_ad: ["metrics.clicks", "segments.date", "adGroupAd.ad.id"],
        keyword_view: ["metrics.costMicros", "adGroupCriterion.criterionId"],
      }),
    ),
    expected: expectedOfGoogleAds,
  },
  linkedin_ads: {
    vendor: "linkedin_ads",
    settings: {},
    connect: (seed) => tokens(linkedinAdsTokens(seed)),
    start: { account: { campaigns: 5 } },
    backfillDays: 10,
    faults: fc.oneof(
      { weight: 4, arbitrary: callFaults("repeat_page") },
      fc.record({
        kind: fc.constant("throttle" as const),
        calls: fc.integer({ min: 1, max: 3 }),
        after: fc.integer({ min: 0, max: 8 }),
        variant: fc.constant("data"),
      }),
      expiry,
      restatement(20),
      gone("remove", "adCampaigns", "creatives"),
      gone("archive", "adCampaigns", "creatives"),
      drift({
        adCampaigns: ["name", "status"],
        creatives: ["id", "campaign", "intendedStatus"],
        adAnalytics: ["impressions", "costInLocalCurrency", "dateRange", "pivotValues"],
      }),
    ),
    expected: expectedOfLinkedinAds,
  },
};

/** Every driver that has a case. */
export const sourceCases: SourceCase[] = Object.entries(VENDORS).flatMap(([name, { driver }]) => {
  const own = Object.entries(CASES).find(([driverName]) => driverName === name)?.[1];
  return own ? [{ ...own, driver }] : [];
});
