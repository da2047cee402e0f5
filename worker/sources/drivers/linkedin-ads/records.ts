/**
 * Records of LinkedIn's Marketing API: names in snake case, URNs reduced to their ids, money as the vendor's decimal text in
 * major units of the account's currency. Times are epoch ms, days are UTC. There are no ad groups: a creative belongs to a
 * campaign, a campaign to a campaign group.
 */
import { z } from "zod";

const count = z.number().int().nonnegative();
/** Major units, such as `12.5`; `1250` for yen. */
const money = z.string().regex(/^-?\d+(\.\d+)?$/);
/** `ACTIVE`, `PAUSED`, `ARCHIVED`, `REMOVED`, `DRAFT`, `COMPLETED`, `CANCELED`, `PENDING_DELETION`. */
const status = z.string();

/** Stream `accounts`, key `id`: one row, the account itself. */
export const linkedinAccountSchema = z.object({
  id: z.string(),
  name: z.string(),
  /** ISO 4217. */
  currency: z.string().length(3),
  status,
});

/** Stream `campaigns`, key `id`, including archived and removed ones. */
export const linkedinCampaignSchema = z.object({
  id: z.string(),
  account_id: z.string(),
  campaign_group_id: z.string().nullable(),
  name: z.string(),
  /** Its own status. */
  status,
  /** `SPONSORED_UPDATES`, `TEXT_AD`, … */
  type: z.string(),
  objective_type: z.string().nullable(),
  cost_type: z.string().nullable(),
  /** Null where the budget is for its lifetime or its group. */
  daily_budget: money.nullable(),
  created_at: z.number().int(),
});

/** Stream `creatives`, key `id`: the ads, including archived and removed ones. */
export const linkedinCreativeSchema = z.object({
  id: z.string(),
  account_id: z.string(),
  campaign_id: z.string(),
  /** Null when not set. */
  name: z.string().nullable(),
  /** Its own status. */
  intended_status: status,
  /** Whether it is delivered: it, its campaign and all parents are active and approved. */
  is_serving: z.boolean(),
  headline: z.string().nullable(),
  /** Landing page with query parameters (`?utm_source=linkedin&…`), where the creative itself has one. */
  landing_page: z.string().nullable(),
  created_at: z.number().int(),
});

/**
 * Stream `ad_analytics`, key `creative_id` within `day`; the campaign is the creative's. Days on which all metrics are zero
 * have no record. Conversions and their value are platform-reported.
 */
export const linkedinAdAnalyticsSchema = z.object({
  /** `YYYY-MM-DD`, UTC. */
  day: z.iso.date(),
  account_id: z.string(),
  creative_id: z.string(),
  impressions: count,
  /** All chargeable clicks; those that led to the landing page are `landing_page_clicks`. */
  clicks: count,
  landing_page_clicks: count,
  total_engagements: count,
  likes: count,
  comments: count,
  shares: count,
  follows: count,
  video_views: count,
  video_completions: count,
  one_click_leads: count,
  one_click_lead_form_opens: count,
  viral_impressions: count,
  viral_clicks: count,
  cost_in_local_currency: money,
  external_website_conversions: count,
  external_website_post_click_conversions: count,
  external_website_post_view_conversions: count,
  conversion_value_in_local_currency: money,
});
