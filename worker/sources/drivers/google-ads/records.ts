/**
 * Records of the Google Ads API's streams: the fields of its rows laid flat. Ids are texts of digits, statuses are the
 * object's own (`ENABLED`, `PAUSED`, `REMOVED`; parents say theirs), money is in **micros**: millionths of the account's
 * currency unit, whatever decimals the currency has. Removed objects stay listed.
 * @module
 */
import { z } from "zod";

const micros = z.number().int();
const count = z.number().int().nonnegative();
/** Conversions can be shares of one, and their values corrected below nothing. */
const amount = z.number();
const text = z.string().nullable();
/** `ENABLED`, `PAUSED`, `REMOVED`, or `UNKNOWN` for what a newer version brings. */
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
export type GoogleAccount = z.infer<typeof googleAccountSchema>;

/** Stream `campaigns`, key `id`. */
export const googleCampaignSchema = z.object({
  id: z.string(),
  account_id: z.string(),
  name: z.string(),
  status,
  /** `SEARCH`, `DISPLAY`, `SHOPPING`, `VIDEO`, `PERFORMANCE_MAX`, … */
  channel_type: z.string(),
  /** Wraps final URLs, such as `{lpurl}?utm_campaign=spring`; null where it has none of its own. */
  tracking_url_template: text,
  /** Of the budget that it has, which others may share. */
  budget_micros: micros.nullable(),
});
export type GoogleCampaign = z.infer<typeof googleCampaignSchema>;

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
export type GoogleAdGroup = z.infer<typeof googleAdGroupSchema>;

/** Stream `ads`, key `ad_group_id`, `id`: the same ad may be in several groups. */
export const googleAdSchema = z.object({
  id: z.string(),
  account_id: z.string(),
  campaign_id: z.string(),
  ad_group_id: z.string(),
  /** Of the ad in its group. */
  status,
  /** Many kinds of ads have none. */
  name: text,
  /** `RESPONSIVE_SEARCH_AD`, `IMAGE_AD`, … */
  type: z.string(),
  /** What a search ad says first; null for other kinds. */
  headline: text,
  /** Where it leads, with query parameters as they were written (`?utm_source=google&…`). */
  final_urls: z.array(z.string()),
});
export type GoogleAd = z.infer<typeof googleAdSchema>;

/** Stream `keywords`, key `ad_group_id`, `id`: what is bid on. Negative keywords are not in. */
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
export type GoogleKeyword = z.infer<typeof googleKeywordSchema>;

const performance = {
  /** `YYYY-MM-DD` in the account's zone. */
  day: z.iso.date(),
  account_id: z.string(),
  campaign_id: z.string(),
  impressions: count,
  clicks: count,
  cost_micros: micros,
  /** As the platform claims, of conversion actions that count as such. */
  conversions: amount,
  /** What those were worth, in units (not micros) of the account's currency. */
  conversions_value: amount,
};

/**
 * Stream `ad_performance`, key `campaign_id`, `ad_group_id`, `ad_id` within `day`. Performance Max campaigns have no ads:
 * theirs is one record a day with both `ad_group_id` and `ad_id` empty. Days on which all is zero have no record.
 */
export const googleAdPerformanceSchema = z.object({
  ...performance,
  ad_group_id: z.string(),
  ad_id: z.string(),
});
export type GoogleAdPerformance = z.infer<typeof googleAdPerformanceSchema>;

/**
 * Stream `keyword_performance`, key `ad_group_id`, `keyword_id` within `day`. Only what keywords brought: less than all of
 * `ad_performance` where other targeting brings ads too.
 */
export const googleKeywordPerformanceSchema = z.object({
  ...performance,
  ad_group_id: z.string(),
  keyword_id: z.string(),
});
export type GoogleKeywordPerformance = z.infer<typeof googleKeywordPerformanceSchema>;
