/**
 * Descriptions and units of columns. A column without a description does not compile.
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

/** Description, and the unit if it has one. */
export type ColumnDescription = readonly [meaning: string, unit?: string];
type ColumnDescriptions<Row> = Record<keyof Row, ColumnDescription>;

const project: ColumnDescription = ["Project."];
const source: ColumnDescription = ["Source of the row."];
const MINOR = "minor units of currency";
const REPORTED = "units of the project's currency";
const MS = "ms since 1970, UTC";

const utm = (
  whose: string,
): ColumnDescriptions<Record<"utm_source" | "utm_medium" | "utm_campaign", string>> => ({
  utm_source: [`utm_source ${whose}.`],
  utm_medium: [`utm_medium ${whose}.`],
  utm_campaign: [`utm_campaign ${whose}.`],
});

export const adsCampaigns: ColumnDescriptions<AdsCampaignRow> = {
  project_id: project,
  date: ["Calendar day of the ad account.", "day, as UTC midnight"],
  platform: ["Ad platform, by driver name."],
  source_id: source,
  account_id: ["The platform's id of the ad account."],
  account: ["Current name of the ad account."],
  campaign_id: ["The platform's id of the campaign."],
  campaign: ["Current name of the campaign."],
  status: ["Current effective status: the most restrictive of its own and its parents' statuses."],
  currency: ["Billing currency of the account.", "ISO 4217"],
  ...utm("of the ad's link, else the campaign's template, else the platform and the campaign's name"),
  impressions: ["Impressions.", "count"],
  clicks: ["Clicks, as counted by the platform.", "count"],
  spend_minor: ["Spend in the billing currency.", MINOR],
  spend: ["Spend, converted at the rate of the day; null when there is no rate.", REPORTED],
  conversions: ["Platform-reported conversions; may be fractional.", "count"],
  value_minor: ["Platform-reported conversion value.", MINOR],
  value: [
    "Platform-reported conversion value, converted at the rate of the day; null when there is no rate.",
    REPORTED,
  ],
};

const group = {
  ad_group_id: ["The platform's id of the ad group or ad set; null where the platform has none."],
  ad_group: ["Current name of the ad group."],
} satisfies Record<string, ColumnDescription>;

export const ads: ColumnDescriptions<AdsRow> = {
  ...adsCampaigns,
  ...group,
  ad_id: ["The platform's id of the ad; null for campaigns without ads."],
  ad: ["Current name of the ad."],
  creative: ["Headline of the ad."],
};

export const adsKeywords: ColumnDescriptions<AdsKeywordRow> = {
  ...adsCampaigns,
  ...group,
  keyword_id: ["The platform's id of the keyword."],
  keyword: ["Keyword text."],
  match_type: ["Match type: exact, phrase or broad."],
};

export const deals: ColumnDescriptions<DealRow> = {
  project_id: project,
  created_at: ["When the deal was created.", MS],
  source_id: source,
  deal_id: ["The CRM's id of the deal."],
  name: ["Name of the deal."],
  pipeline: ["Name of the pipeline."],
  stage: ["Name of the current stage."],
  is_won: ["Whether the deal is won."],
  is_closed: ["Whether the deal is won or lost."],
  owner: ["The CRM's id of the owner."],
  currency: ["Currency of the deal.", "ISO 4217"],
  amount_minor: ["Amount in the deal's currency.", MINOR],
  amount: [
    "Amount, converted at the rate of the day on which the deal was closed, or created while it is open.",
    REPORTED,
  ],
  closed_at: ["When the deal was won or lost; null while it is open.", MS],
  contact_id: ["First contact of the deal."],
  contact_source: ["The CRM's source of that contact."],
  ...utm("of that contact"),
};

export const subscriptions: ColumnDescriptions<SubscriptionRow> = {
  project_id: project,
  started_at: ["When the subscription started.", MS],
  source_id: source,
  subscription_id: ["The billing system's id of the subscription."],
  customer_id: ["The billing system's id of the customer."],
  email_hash: ["SHA-256 of the customer's e-mail address in lower case."],
  country: ["Country of the customer.", "ISO 3166-1 alpha-2"],
  product: ["Name of the product of its first item."],
  price: ["Name of that item's price."],
  interval: ["Billing interval of that price: day, week, month or year."],
  status: ["Status in the billing system."],
  quantity: ["Quantity of all items.", "count"],
  currency: ["Billing currency.", "ISO 4217"],
  mrr_minor: ["Monthly recurring revenue; 0 unless active or past due.", MINOR],
  mrr: ["Monthly recurring revenue, converted at the rate of the start day.", REPORTED],
  trial_started_at: ["When the trial started.", MS],
  trial_ended_at: ["When the trial ends or ended.", MS],
  canceled_at: ["When the cancellation was requested.", MS],
  ended_at: ["When the subscription ended; null while it runs.", MS],
};

export const contacts: ColumnDescriptions<ContactRow> = {
  project_id: project,
  created_at: ["When the contact was created in the CRM.", MS],
  source_id: source,
  contact_id: ["The CRM's id of the contact."],
  email_hash: ["SHA-256 of the e-mail address in lower case."],
  lifecycle_stage: ["Lifecycle stage in the CRM."],
  status: ["Lead status, where the CRM has one."],
  source: ["The CRM's source of the contact."],
  ...utm("of the contact"),
  country: ["Country, as entered by the contact."],
  company: ["Company, as entered by the contact."],
  owner: ["The CRM's id of the owner."],
  is_customer: ["Whether the contact is or was a customer."],
  became_customer_at: ["When the contact became a customer.", MS],
};

export const tables: ColumnDescriptions<TableRow> = {
  project_id: project,
  at: ["Value of the mapping's date column; without one, when the row last changed.", MS],
  source_id: source,
  table: ["Table name of the source's mapping."],
  key: ["Unique key of the row."],
  properties: ["The mapped fields: times in ms since 1970, money in units of the field's currency."],
};
