/**
 * Rows of the lake that come from vendors: what was read, and the marts that are built of it.
 *
 * A calendar day is stored as UTC midnight of its date. `*_minor` are in minor units of the row's own currency, and may
 * be fractions; what has the name without `_minor` is in major units of the project's currency at that day's rate, null
 * while there is none.
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
  /** Strongest of its own and its parents': `removed`, `archived`, `paused`, `active`. */
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
  /** What the platform claims; may be fractions. */
  conversions: number,
  value_minor: number,
  value: maybe,
};

/** What a campaign did on a day: `ads_ads` added up over ad groups, ads and creatives. */
export const adsCampaignRowSchema = z.object({ ...campaignFields, ...performanceFields });
export type AdsCampaignRow = z.infer<typeof adsCampaignRowSchema>;

/** What an ad did on a day. */
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

/** What a keyword did on a day; only of platforms that report keywords. */
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

/** A deal as it stands. Times are epoch ms UTC. */
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
  /** Of the contact that the deal is with. */
  contact_id: text,
  contact_source: text,
  ...utm,
});
export type DealRow = z.infer<typeof dealRowSchema>;

/** A subscription as it stands. Times are epoch ms UTC. */
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
  /** A month's share of what recurs; 0 once it has ended. */
  mrr_minor: number,
  mrr: maybe,
  trial_started_at: count.nullable(),
  trial_ended_at: count.nullable(),
  canceled_at: count.nullable(),
  ended_at: count.nullable(),
});
export type SubscriptionRow = z.infer<typeof subscriptionRowSchema>;

/** A contact as it stands. Times are epoch ms UTC. */
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

/** A row of a declared dataset of a person's own source. Times are epoch ms UTC. */
export const tableRowSchema = z.object({
  project_id: z.string(),
  /** What the mapping's time field says; where there is none, when the row was last seen to change. */
  at: count,
  source_id: z.string(),
  /** Name that the mapping gives the dataset. */
  table: z.string(),
  /** Unique key of the row within its source. */
  key: z.string(),
  /** JSON object of the mapped fields. */
  properties: z.string(),
});
export type TableRow = z.infer<typeof tableRowSchema>;

/** A version of a record as it was read. */
export const recordRowSchema = z.object({
  project_id: z.string(),
  /** Epoch ms UTC. */
  read_at: count,
  source_id: z.string(),
  stream: z.string(),
  account: z.string(),
  key: z.string(),
  /** `write`: new or changed; `remove`: gone. */
  op: z.enum(["write", "remove"]),
  /** JSON of the record; null of one that is gone. */
  body: text,
});
export type RecordRow = z.infer<typeof recordRowSchema>;
