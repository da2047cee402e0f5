/**
 * Records of the Marketing API's streams. Names are the vendor's, except that an `adset` is an `ad_set`; numbers sent as text
 * are parsed, and money is in minor units of the account's currency (major units where it has none). Times are ISO 8601 with
 * an offset, days are the account's.
 */
import { z } from "zod";

const time = z.string().regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}([+-]\d{4}|Z)$/);
const object = {
  id: z.string(),
  /** Without `act_`. */
  account_id: z.string(),
  name: z.string(),
  /** Its own status: `ACTIVE`, `PAUSED`, `DELETED`, `ARCHIVED`. */
  status: z.string(),
  /**
   * The effective status, including parents: as `status`, or `CAMPAIGN_PAUSED`, `ADSET_PAUSED`, `IN_PROCESS`, `WITH_ISSUES`,
   * and for ads `PENDING_REVIEW`, `DISAPPROVED`, `PREAPPROVED`, `PENDING_BILLING_INFO`.
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

/** Stream `campaigns`, key `id`, including deleted and archived ones. */
export const metaCampaignSchema = z.object({
  ...object,
  objective: z.string().nullable(),
  buying_type: z.string().nullable(),
  /** Minor units; null where the ad sets have budgets. */
  daily_budget_minor: z.number().nullable(),
  start_time: time.nullable(),
});

/** Stream `ad_sets`, key `id`. */
export const metaAdSetSchema = z.object({
  ...object,
  campaign_id: z.string(),
  optimization_goal: z.string().nullable(),
  billing_event: z.string().nullable(),
});

/** Stream `ads`, key `id`. */
export const metaAdSchema = z.object({
  ...object,
  campaign_id: z.string(),
  ad_set_id: z.string(),
  creative_id: z.string().nullable(),
  creative_name: z.string().nullable(),
  creative_title: z.string().nullable(),
  /** Landing page, without `url_tags`. */
  link_url: z.string().nullable(),
  /** Query parameters added to the link, such as `utm_source=facebook&utm_campaign=spring`; may contain `{{macros}}`. */
  url_tags: z.string().nullable(),
});

/**
 * Stream `ad_insights`, key `ad_id` within `day`: one ad on one day, all placements together, including deleted and archived
 * ads. Days on which all metrics are zero have no record.
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
  /** Actions of the source's conversion action, platform-reported (7 days after a click, 1 day after a view). */
  conversions: z.number().nonnegative(),
  /** Their value, platform-reported. */
  value_minor: z.number().nonnegative(),
});
