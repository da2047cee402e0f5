/**
 * What columns mean, and in which unit they are. A column without its line here does not compile.
 * @module
 */
import type {
  AdsCampaignRow,
  AdsKeywordRow,
  AdsRow,
  ContactRow,
  DealRow,
  SubscriptionRow,
  TableRow,
} from "../../../../schema/wire/mart";

/** What it means, and its unit where it has one. */
export type Meaning = readonly [meaning: string, unit?: string];
type Meanings<Row> = Record<keyof Row, Meaning>;

const project: Meaning = ["Project that it belongs to."];
const source: Meaning = ["Source that it was read from."];
const MINOR = "minor units of currency";
const REPORTED = "units of the project's currency";
const MS = "ms since 1970, UTC";

const utm = (whose: string): Meanings<Record<"utm_source" | "utm_medium" | "utm_campaign", string>> => ({
  utm_source: [`Source by which visits are tagged, ${whose}.`],
  utm_medium: [`Medium by which visits are tagged, ${whose}.`],
  utm_campaign: [`Campaign by which visits are tagged, ${whose}.`],
});

export const adsCampaigns: Meanings<AdsCampaignRow> = {
  project_id: project,
  date: ["Calendar day of the ad account.", "day, as UTC midnight"],
  platform: ["Driver of the platform."],
  source_id: source,
  account_id: ["The platform's id of the ad account."],
  account: ["Name that the ad account has now."],
  campaign_id: ["The platform's id of the campaign."],
  campaign: ["Name that the campaign has now."],
  status: ["What it is now: the strongest of its own and its parents' statuses."],
  currency: ["Currency that the account is billed in.", "ISO 4217"],
  ...utm("of the ad's link, else the campaign's template, else the platform and the campaign's name"),
  impressions: ["How often it was shown.", "count"],
  clicks: ["Clicks, as the platform counts them.", "count"],
  spend_minor: ["What it cost, as it is billed.", MINOR],
  spend: ["What it cost, at the rate of the day; none while there is no rate.", REPORTED],
  conversions: ["Conversions that the platform claims; may be fractions.", "count"],
  value_minor: ["What those were worth, as the platform claims.", MINOR],
  value: ["What those were worth, at the rate of the day; none while there is no rate.", REPORTED],
};

const group = {
  ad_group_id: ["The platform's id of the ad group or ad set; none where there are none."],
  ad_group: ["Name that the ad group has now."],
} satisfies Record<string, Meaning>;

export const ads: Meanings<AdsRow> = {
  ...adsCampaigns,
  ...group,
  ad_id: ["The platform's id of the ad; none of campaigns that have no ads."],
  ad: ["Name that the ad has now."],
  creative: ["What the ad says first."],
};

export const adsKeywords: Meanings<AdsKeywordRow> = {
  ...adsCampaigns,
  ...group,
  keyword_id: ["The platform's id of the keyword."],
  keyword: ["What was bid on."],
  match_type: ["How close a search must come: exact, phrase or broad."],
};

export const deals: Meanings<DealRow> = {
  project_id: project,
  created_at: ["When it was opened.", MS],
  source_id: source,
  deal_id: ["The CRM's id of the deal."],
  name: ["Name of the deal."],
  pipeline: ["Label of its pipeline."],
  stage: ["Label of the stage that it is in."],
  is_won: ["Whether it is won."],
  is_closed: ["Whether it is won or lost."],
  owner: ["Who is in charge of it, by the CRM's id."],
  currency: ["Currency that it is agreed in.", "ISO 4217"],
  amount_minor: ["What it is worth, as agreed.", MINOR],
  amount: ["What it is worth, at the rate of the day it was closed, or opened while it is open.", REPORTED],
  closed_at: ["When it was won or lost; none while it is open.", MS],
  contact_id: ["First contact of the deal."],
  contact_source: ["Where the CRM says that contact came from."],
  ...utm("with which that contact came"),
};

export const subscriptions: Meanings<SubscriptionRow> = {
  project_id: project,
  started_at: ["When it started.", MS],
  source_id: source,
  subscription_id: ["The billing system's id of it."],
  customer_id: ["The billing system's id of the customer."],
  email_hash: ["SHA-256 of the customer's address in lower case."],
  country: ["Country of the customer.", "ISO 3166-1 alpha-2"],
  product: ["Name of the product of its first item."],
  price: ["Name of that item's price."],
  interval: ["How often that price is paid: day, week, month or year."],
  status: ["What it is, as the billing system says."],
  quantity: ["Units of all its items.", "count"],
  currency: ["Currency that it is paid in.", "ISO 4217"],
  mrr_minor: ["A month's share of what recurs; 0 unless it is active or past due.", MINOR],
  mrr: ["The same at the rate of the day it started.", REPORTED],
  trial_started_at: ["When its trial began.", MS],
  trial_ended_at: ["When its trial ends or ended.", MS],
  canceled_at: ["When its end was decided.", MS],
  ended_at: ["When it ended; none while it lives.", MS],
};

export const contacts: Meanings<ContactRow> = {
  project_id: project,
  created_at: ["When the CRM first knew the contact.", MS],
  source_id: source,
  contact_id: ["The CRM's id of the contact."],
  email_hash: ["SHA-256 of the address in lower case."],
  lifecycle_stage: ["How far the contact has come, in the CRM's words."],
  status: ["Status of a lead, where the CRM has one."],
  source: ["Where the CRM says the contact came from."],
  ...utm("with which the contact came"),
  country: ["Country, as the contact says it."],
  company: ["Employer, as the contact says it."],
  owner: ["Who is in charge of the contact, by the CRM's id."],
  is_customer: ["Whether the contact is or was a customer."],
  became_customer_at: ["When the contact became a customer.", MS],
};

export const tables: Meanings<TableRow> = {
  project_id: project,
  at: ["What the mapping's time field says; without one, when the row last changed.", MS],
  source_id: source,
  table: ["What the source's mapping calls the table."],
  key: ["Values of the fields that tell the table's rows apart."],
  properties: ["The mapped fields: times in ms since 1970, money in units of the field's currency."],
};
