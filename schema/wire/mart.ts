/**
 * Rows of the lake that come from vendors: records, and the marts built from them.
 *
 * A calendar day is stored as UTC midnight of its date. `*_minor` are in minor units of the row's own currency, and may
 * be fractions; the same name without `_minor` is in major units of the project's currency at that day's rate, null
 * without a rate.
 * @module
 */
import { z } from "zod";

const text = z.string().nullable();
const count = z.number().int();
const number = z.number();
const maybe = z.number().nullable();

const campaignFields = {
  project_id: z.string(),
  /** Calendar day of the ad account. */
  date: count,
  /** `google_ads`, `meta_ads`, … */
  platform: z.string(),
  source_id: z.string(),
  account_id: z.string(),
  account: text,
  campaign_id: z.string(),
  campaign: text,
  /** The most restrictive of its own and its parents': `removed`, `archived`, `paused`, `active`. */
  status: z.string(),
  /** ISO 4217, of the account. */
  currency: z.string(),
  utm_source: text,
  utm_medium: text,
  utm_campaign: text,
};
const performanceFields = {
  impressions: count,
  clicks: count,
  spend_minor: number,
  spend: maybe,
  /** As reported by the platform; may be fractions. */
  conversions: number,
  value_minor: number,
  value: maybe,
};

/** Results of a campaign on a day: `ads_ads` summed over ad groups, ads and creatives. */
export const adsCampaignRowSchema = z.object({ ...campaignFields, ...performanceFields });
export type AdsCampaignRow = z.infer<typeof adsCampaignRowSchema>;

/** Results of an ad on a day. */
export const adsRowSchema = z.object({
  ...campaignFields,
  ad_group_id: text,
  ad_group: text,
  ad_id: text,
  ad: text,
  creative: text,
  ...performanceFields,
});
export type AdsRow = z.infer<typeof adsRowSchema>;

/** Results of a keyword on a day; only of platforms that report keywords. */
export const adsKeywordRowSchema = z.object({
  ...campaignFields,
  ad_group_id: text,
  ad_group: text,
  keyword_id: z.string(),
  keyword: text,
  match_type: text,
  ...performanceFields,
});
export type AdsKeywordRow = z.infer<typeof adsKeywordRowSchema>;

const utm = { utm_source: text, utm_medium: text, utm_campaign: text };

/** The current state of a deal. Times are epoch ms UTC. */
export const dealRowSchema = z.object({
  project_id: z.string(),
  created_at: count,
  source_id: z.string(),
  deal_id: z.string(),
  name: text,
  pipeline: text,
  stage: text,
  is_won: z.boolean(),
  is_closed: z.boolean(),
  owner: text,
  currency: text,
  amount_minor: maybe,
  amount: maybe,
  closed_at: count.nullable(),
  /** Contact of the deal. */
  contact_id: text,
  contact_source: text,
  ...utm,
});
export type DealRow = z.infer<typeof dealRowSchema>;

/** The current state of a subscription. Times are epoch ms UTC. */
export const subscriptionRowSchema = z.object({
  project_id: z.string(),
  started_at: count,
  source_id: z.string(),
  subscription_id: z.string(),
  customer_id: z.string(),
  /** SHA-256 of the customer's address in lower case, in hex. */
  email_hash: text,
  country: text,
  product: text,
  price: text,
  /** `day`, `week`, `month`, `year`. */
  interval: text,
  status: z.string(),
  quantity: count,
  currency: z.string(),
  /** Recurring amount per month; 0 once it has ended. */
  mrr_minor: number,
  mrr: maybe,
  trial_started_at: count.nullable(),
  trial_ended_at: count.nullable(),
  canceled_at: count.nullable(),
  ended_at: count.nullable(),
});
export type SubscriptionRow = z.infer<typeof subscriptionRowSchema>;

/** The current state of a contact. Times are epoch ms UTC. */
export const contactRowSchema = z.object({
  project_id: z.string(),
  created_at: count,
  source_id: z.string(),
  contact_id: z.string(),
  /** SHA-256 of the address in lower case, in hex. */
  email_hash: text,
  lifecycle_stage: text,
  status: text,
  source: text,
  ...utm,
  country: text,
  company: text,
  owner: text,
  is_customer: z.boolean(),
  became_customer_at: count.nullable(),
});
export type ContactRow = z.infer<typeof contactRowSchema>;

/** A row of a table of a generic source. Times are epoch ms UTC. */
export const tableRowSchema = z.object({
  project_id: z.string(),
  /** Value of the mapping's time field; without one, the time of the last detected change. */
  at: count,
  source_id: z.string(),
  /** Name of the table in the mapping. */
  table: z.string(),
  /** Unique key of the row within its source. */
  key: z.string(),
  /** JSON object of the mapped fields. */
  properties: z.string(),
});
export type TableRow = z.infer<typeof tableRowSchema>;

/** A version of a record as read. */
export const recordRowSchema = z.object({
  project_id: z.string(),
  /** Epoch ms UTC. */
  read_at: count,
  source_id: z.string(),
  stream: z.string(),
  account: z.string(),
  key: z.string(),
  /** `write`: new or changed; `remove`: removed. */
  op: z.enum(["write", "remove"]),
  /** JSON of the record; null when removed. */
  body: text,
});
export type RecordRow = z.infer<typeof recordRowSchema>;
