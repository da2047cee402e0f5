/**
 * Records of the Google Ads API's streams: rows with flattened fields. Ids are texts of digits, statuses are the object's own
 * (`ENABLED`, `PAUSED`, `REMOVED`; parents have theirs), money is in **micros**: millionths of the account's currency unit,
 * regardless of the currency's decimals. Removed objects remain listed.
 * @module
 */
import { z } from "zod";

const micros = z.number().int();
const count = z.number().int().nonnegative();
/** Conversions can be fractional, and corrections can make their value negative. */
const amount = z.number();
const text = z.string().nullable();
/** `ENABLED`, `PAUSED`, `REMOVED`, or `UNKNOWN` for values of a newer version. */
const status = z.string();

/** Stream `accounts`, key `id`: one row, the account itself. */
export const googleAccountSchema = z.object({
  id: z.string(),
  name: z.string(),
  /** ISO 4217. */
  currency: z.string().length(3),
  /** IANA zone of its days. */
  timezone: z.string(),
  /** `ENABLED`, `CANCELED`, `SUSPENDED`, `CLOSED`. */
  status,
});

/** Stream `campaigns`, key `id`. */
export const googleCampaignSchema = z.object({
  id: z.string(),
  account_id: z.string(),
  name: z.string(),
  status,
  /** `SEARCH`, `DISPLAY`, `SHOPPING`, `VIDEO`, `PERFORMANCE_MAX`, … */
  channel_type: z.string(),
  /** Template for final URLs, such as `{lpurl}?utm_campaign=spring`; null without its own. */
  tracking_url_template: text,
  /** Amount of its budget, which other campaigns may share. */
  budget_micros: micros.nullable(),
});

/** Stream `ad_groups`, key `id`. */
export const googleAdGroupSchema = z.object({
  id: z.string(),
  account_id: z.string(),
  campaign_id: z.string(),
  name: z.string(),
  status,
  /** `SEARCH_STANDARD`, `DISPLAY_STANDARD`, … */
  type: z.string(),
});

/** Stream `ads`, key `ad_group_id`, `id`: the same ad may be in several groups. */
export const googleAdSchema = z.object({
  id: z.string(),
  account_id: z.string(),
  campaign_id: z.string(),
  ad_group_id: z.string(),
  /** Of the ad in its group. */
  status,
  /** Null for many kinds of ads. */
  name: text,
  /** `RESPONSIVE_SEARCH_AD`, `IMAGE_AD`, … */
  type: z.string(),
  /** First headline of a search ad; null for other kinds. */
  headline: text,
  /** Final URL, with its query parameters unchanged (`?utm_source=google&…`). */
  final_urls: z.array(z.string()),
});

/** Stream `keywords`, key `ad_group_id`, `id`. Without negative keywords. */
export const googleKeywordSchema = z.object({
  /** Criterion id; the same keyword has the same id in every group. */
  id: z.string(),
  account_id: z.string(),
  campaign_id: z.string(),
  ad_group_id: z.string(),
  status,
  text: z.string(),
  /** `EXACT`, `PHRASE`, `BROAD`. */
  match_type: z.string(),
});

const performance = {
  /** `YYYY-MM-DD` in the account's zone. */
  day: z.iso.date(),
  account_id: z.string(),
  campaign_id: z.string(),
  impressions: count,
  clicks: count,
  cost_micros: micros,
  /** Platform-reported, from conversion actions that are included in the metric. */
  conversions: amount,
  /** Their value in units (not micros) of the account's currency. */
  conversions_value: amount,
};

/**
 * Stream `ad_performance`, key `campaign_id`, `ad_group_id`, `ad_id` within `day`. Performance Max campaigns have no ads:
 * they have one record per day with empty `ad_group_id` and `ad_id`. Days on which all metrics are zero have no record.
 */
export const googleAdPerformanceSchema = z.object({
  ...performance,
  ad_group_id: z.string(),
  ad_id: z.string(),
});
export type GoogleAdPerformance = z.infer<typeof googleAdPerformanceSchema>;

/**
 * Stream `keyword_performance`, key `ad_group_id`, `keyword_id` within `day`. Only performance of keywords: less than that of
 * `ad_performance` where other targeting delivers ads too.
 */
export const googleKeywordPerformanceSchema = z.object({
  ...performance,
  ad_group_id: z.string(),
  keyword_id: z.string(),
});
