/**
 * Converts objects and insight rows of the Marketing API to records.
 * @module
 */
import { z } from "zod";
import { minorOfText } from "../../shapes/currency";
import type { SourceRecord } from "../../vendor/driver";
import { parseShape } from "../parse-answer";

const decimal = z.string().regex(/^\d+(\.\d+)?$/);
const count = z.string().regex(/^\d+$/).transform(Number);

/** Requested fields of each edge. */
export const FIELDS = {
  account: "account_id,name,currency,timezone_name,account_status",
  campaigns:
    "account_id,name,status,effective_status,created_time,objective,buying_type,daily_budget,start_time",
  adsets: "account_id,name,status,effective_status,created_time,campaign_id,optimization_goal,billing_event",
  ads: "account_id,name,status,effective_status,created_time,campaign_id,adset_id,creative{id,name,title,link_url,url_tags}",
} as const;

/** Every effective status; statuses that are not named are left out. */
const GONE = ["ACTIVE", "PAUSED", "DELETED", "ARCHIVED", "IN_PROCESS", "WITH_ISSUES"];
export const STATUSES = {
  campaigns: GONE,
  adsets: [...GONE, "CAMPAIGN_PAUSED"],
  ads: [
    ...[...GONE, "CAMPAIGN_PAUSED", "ADSET_PAUSED", "PENDING_REVIEW", "DISAPPROVED", "PREAPPROVED"],
    "PENDING_BILLING_INFO",
  ],
} as const;

const accountSchema = z.looseObject({
  account_id: z.string(),
  name: z.string(),
  currency: z.string(),
  timezone_name: z.string(),
  account_status: z.number(),
});
/** Schema of an ad account. */
export const accountOf = (value: unknown) => parseShape("ad_accounts", accountSchema, value);

const campaign = z.looseObject({ daily_budget: decimal.optional() });
const text = z.string().nullish();
const creative = z
  .object({ id: z.string(), name: text, title: text, link_url: text, url_tags: text })
  .optional();
const ad = z.looseObject({ adset_id: z.string(), creative });

/** Converters to records, by edge. */
export const RECORDS: Record<"campaigns" | "adsets" | "ads", (value: unknown) => SourceRecord> = {
  campaigns: (value) => {
    const own = parseShape("campaigns", campaign, value);
    const { objective = null, buying_type = null, start_time = null, daily_budget } = own;
    // Already minor units.
    const daily_budget_minor = daily_budget === undefined ? null : Number(daily_budget);
    return { ...own, objective, buying_type, start_time, daily_budget_minor };
  },
  adsets: (value) => {
    const own = parseShape("ad_sets", z.looseObject({}), value);
    const { optimization_goal = null, billing_event = null } = own;
    return { ...own, optimization_goal, billing_event };
  },
  ads: (value) => {
    const own = parseShape("ads", ad, value);
    return {
      ...own,
      ad_set_id: own.adset_id,
      creative_id: own.creative?.id ?? null,
      creative_name: own.creative?.name ?? null,
      creative_title: own.creative?.title ?? null,
      link_url: own.creative?.link_url ?? null,
      url_tags: own.creative?.url_tags ?? null,
    };
  },
};

const actions = z.array(z.looseObject({ action_type: z.string(), value: decimal })).optional();
const metrics = {
  account_currency: z.string().length(3),
  impressions: count,
  clicks: count,
  spend: decimal,
  actions,
  action_values: actions,
};
const metricsSchema = z.looseObject(metrics);
const rowSchema = z.looseObject({ ...metrics, adset_id: z.string(), adset_name: z.string() });

/** Metrics of an insight row; money in minor units. `types`: the first of these action types that exists counts. */
export function countsOf(value: unknown, types: readonly string[]) {
  const own = parseShape("ad_insights", metricsSchema, value);
  const { account_currency: currency, impressions, clicks, spend } = own;
  const claimed = (list: z.infer<typeof actions>) =>
    types.map((type) => list?.find(({ action_type }) => action_type === type)?.value).find(Boolean) ?? "0";
  return {
    impressions,
    clicks,
    spend_minor: minorOfText(spend, currency),
    conversions: Number(claimed(own.actions)),
    value_minor: minorOfText(claimed(own.action_values), currency),
  };
}

/** Converts an insight row. */
export function insightRecord(value: unknown, types: readonly string[]): SourceRecord {
  const own = parseShape("ad_insights", rowSchema, value);
  const { adset_id: ad_set_id, adset_name: ad_set_name, date_start: day } = own;
  return { ...own, day, ad_set_id, ad_set_name, ...countsOf(value, types) };
}
