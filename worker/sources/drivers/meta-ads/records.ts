/**
 * Records of the Marketing API's streams. Names are the vendor's, but an `adset` is an `ad_set`; numbers that the vendor sends
 * as text are read, and money is in minor units of the account's currency (whole where the currency has whole ones). Times
 * are ISO 8601 with an offset, days are the account's.
 * @module
 */
import { z } from "zod";

const time = z.string().regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}([+-]\d{4}|Z)$/);
const object = {
  id: z.string(),
  /** Without `act_`. */
  account_id: z.string(),
  name: z.string(),
  /** What was set on it itself: `ACTIVE`, `PAUSED`, `DELETED`, `ARCHIVED`. */
  status: z.string(),
  /**
   * What delivery sees, parents included: as `status`, or `CAMPAIGN_PAUSED`, `ADSET_PAUSED`, `IN_PROCESS`, `WITH_ISSUES`, and
   * of ads `PENDING_REVIEW`, `DISAPPROVED`, `PREAPPROVED`, `PENDING_BILLING_INFO`.
   */
  effective_status: z.string(),
  created_time: time,
};

/** Stream `ad_accounts`, key `id`. */
export const metaAdAccountSchema = z.object({
  /** Without `act_`. */
  id: z.string(),
  name: z.string(),
  currency: z.string().length(3),
  /** IANA zone of its days. */
  timezone: z.string(),
  /** 1 is active; see "Ad Account" for the others. */
  account_status: z.number().int(),
});
export type MetaAdAccount = z.infer<typeof metaAdAccountSchema>;

/** Stream `campaigns`, key `id`. Deleted and archived ones stay, with that status. */
export const metaCampaignSchema = z.object({
  ...object,
  objective: z.string().nullable(),
  buying_type: z.string().nullable(),
  /** Minor units; null where the ad sets have budgets. */
  daily_budget_minor: z.number().nullable(),
  start_time: time.nullable(),
});
export type MetaCampaign = z.infer<typeof metaCampaignSchema>;

/** Stream `ad_sets`, key `id`. */
export const metaAdSetSchema = z.object({
  ...object,
  campaign_id: z.string(),
  optimization_goal: z.string().nullable(),
  billing_event: z.string().nullable(),
});
export type MetaAdSet = z.infer<typeof metaAdSetSchema>;

/** Stream `ads`, key `id`. */
export const metaAdSchema = z.object({
  ...object,
  campaign_id: z.string(),
  ad_set_id: z.string(),
  creative_id: z.string().nullable(),
  creative_name: z.string().nullable(),
  creative_title: z.string().nullable(),
  /** Where it leads, without `url_tags`. */
  link_url: z.string().nullable(),
  /** Query parameters that are put on the link, such as `utm_source=facebook&utm_campaign=spring`; may hold `{{macros}}`. */
  url_tags: z.string().nullable(),
});
export type MetaAd = z.infer<typeof metaAdSchema>;

/**
 * Stream `ad_insights`, key `ad_id` within `day`: one ad on one day, all placements together. A day on which all is zero
 * has no record. Deleted and archived ads are in.
 */
export const metaAdInsightSchema = z.object({
  /** `YYYY-MM-DD` in the account's zone. */
  day: z.iso.date(),
  account_id: z.string(),
  account_currency: z.string().length(3),
  campaign_id: z.string(),
  campaign_name: z.string(),
  ad_set_id: z.string(),
  ad_set_name: z.string(),
  ad_id: z.string(),
  ad_name: z.string(),
  impressions: z.number().int().nonnegative(),
  /** All clicks, on links and elsewhere. */
  clicks: z.number().int().nonnegative(),
  spend_minor: z.number().nonnegative(),
  /** Actions of the source's conversion action, as the platform claims them (7 days after a click, 1 after a view). */
  conversions: z.number().nonnegative(),
  /** What those were worth, as the platform claims. */
  value_minor: z.number().nonnegative(),
});
export type MetaAdInsight = z.infer<typeof metaAdInsightSchema>;
