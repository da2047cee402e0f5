/**
 * The resources of the Google Ads API that can follow FROM, and the values of their fields.
 * After the vendor's field reference (`campaign`, `ad_group`, `ad_group_ad`, `keyword_view`, `customer`,
 * `customer_client`, `metrics`, `segments`).
 * @module
 */

import { type ObjectStatus, statusOf } from "../ads.ts";
import type { Ad, AdAccount, AdGroup, Campaign, Keyword, Performance } from "../company/ads.ts";
import { currencyDecimals } from "../company/index.ts";
import type { Stage } from "../server/index.ts";

/** The subject of a row: the object of the resource and its parents. */
export interface Entity {
  account: AdAccount;
  campaign?: Campaign;
  group?: AdGroup;
  ad?: Ad;
  keyword?: Keyword;
}

/** One row before its fields are selected. */
export interface ReportRow {
  stage: Stage;
  entity: Entity;
  /** The day, if the query is split by date; any day of the week or month otherwise. */
  day: string;
  performance: Performance;
}

type Value = string | number | boolean | string[] | object;
type Field = (row: ReportRow) => Value;

const STATUS: Record<ObjectStatus, string> = {
  active: "ENABLED",
  paused: "PAUSED",
  removed: "REMOVED",
  archived: "REMOVED",
};

const name = (row: ReportRow, path: string) => `customers/${row.entity.account.id}/${path}`;
const id = (object: { id: string } | undefined) => object?.id ?? "";
/**
 * Money in millionths of the currency's unit, an int64 and therefore a text in JSON ("Monetary values", "JSON
 * mapping").
 */
const micros = (row: ReportRow, minor: number) =>
  String(minor * 10 ** (6 - currencyDecimals(row.entity.account.currency)));
const units = (row: ReportRow, minor: number) => minor / 10 ** currencyDecimals(row.entity.account.currency);
const monday = (day: string) => {
  const at = new Date(`${day}T00:00:00Z`);
  at.setUTCDate(at.getUTCDate() - ((at.getUTCDay() + 6) % 7));
  return at.toISOString().slice(0, 10);
};
const ratio = (a: number, b: number) => (b === 0 ? 0 : a / b);

/** Every field by its name in a query. */
export const FIELDS: Record<string, Field> = {
  "customer.resource_name": ({ entity }) => `customers/${entity.account.id}`,
  "customer.id": ({ entity }) => entity.account.id,
  "customer.descriptive_name": ({ entity }) => entity.account.name,
  "customer.currency_code": ({ entity }) => entity.account.currency,
  "customer.time_zone": ({ entity }) => entity.account.timeZone,
  "customer.manager": () => false,
  "customer.test_account": () => false,
  "customer.status": () => "ENABLED",
  "campaign.resource_name": (row) => name(row, `campaigns/${id(row.entity.campaign)}`),
  "campaign.id": ({ entity }) => id(entity.campaign),
  "campaign.name": ({ entity }) => entity.campaign?.name ?? "",
  "campaign.status": ({ stage, entity }) => (entity.campaign ? STATUS[statusOf(stage, entity.campaign)] : ""),
  "campaign.advertising_channel_type": () => "SEARCH",
  "campaign.tracking_url_template": () => "",
  "campaign.campaign_budget": (row) => name(row, `campaignBudgets/${id(row.entity.campaign)}0`),
  "campaign_budget.resource_name": (row) => name(row, `campaignBudgets/${id(row.entity.campaign)}0`),
  "campaign_budget.id": ({ entity }) => `${id(entity.campaign)}0`,
  "campaign_budget.amount_micros": (row) => micros(row, row.entity.campaign?.dailyBudgetMinor ?? 0),
  "campaign_budget.period": () => "DAILY",
  "ad_group.resource_name": (row) => name(row, `adGroups/${id(row.entity.group)}`),
  "ad_group.id": ({ entity }) => id(entity.group),
  "ad_group.name": ({ entity }) => entity.group?.name ?? "",
  "ad_group.status": ({ stage, entity }) => STATUS[statusOf(stage, { id: id(entity.group) })],
  "ad_group.type": () => "SEARCH_STANDARD",
  "ad_group.campaign": (row) => name(row, `campaigns/${id(row.entity.campaign)}`),
  "ad_group_ad.resource_name": ({ entity, ...row }) =>
    name({ entity, ...row }, `adGroupAds/${id(entity.group)}~${id(entity.ad)}`),
  "ad_group_ad.status": ({ stage, entity }) => STATUS[statusOf(stage, { id: id(entity.ad) })],
  "ad_group_ad.ad_group": (row) => name(row, `adGroups/${id(row.entity.group)}`),
  "ad_group_ad.ad.resource_name": (row) => name(row, `ads/${id(row.entity.ad)}`),
  "ad_group_ad.ad.id": ({ entity }) => id(entity.ad),
  "ad_group_ad.ad.name": ({ entity }) => entity.ad?.name ?? "",
  "ad_group_ad.ad.type": () => "RESPONSIVE_SEARCH_AD",
  "ad_group_ad.ad.final_urls": ({ entity }) => [entity.ad?.url ?? ""],
  "ad_group_ad.ad.responsive_search_ad.headlines": ({ entity }) => [{ text: entity.ad?.headline ?? "" }],
  "ad_group_criterion.resource_name": (row) =>
    name(row, `adGroupCriteria/${id(row.entity.group)}~${id(row.entity.keyword)}`),
  "ad_group_criterion.criterion_id": ({ entity }) => id(entity.keyword),
  "ad_group_criterion.type": () => "KEYWORD",
  "ad_group_criterion.negative": () => false,
  "ad_group_criterion.status": ({ stage, entity }) => STATUS[statusOf(stage, { id: id(entity.keyword) })],
  "ad_group_criterion.keyword.text": ({ entity }) => entity.keyword?.text ?? "",
  "ad_group_criterion.keyword.match_type": ({ entity }) => entity.keyword?.match.toUpperCase() ?? "",
  "keyword_view.resource_name": (row) =>
    name(row, `keywordViews/${id(row.entity.group)}~${id(row.entity.keyword)}`),
  "customer_client.resource_name": (row) => name(row, `customerClients/${row.entity.account.id}`),
  "customer_client.id": ({ entity }) => entity.account.id,
  "customer_client.client_customer": ({ entity }) => `customers/${entity.account.id}`,
  "customer_client.descriptive_name": ({ entity }) => entity.account.name,
  "customer_client.currency_code": ({ entity }) => entity.account.currency,
  "customer_client.time_zone": ({ entity }) => entity.account.timeZone,
  "customer_client.manager": () => false,
  "customer_client.level": () => "1",
  "customer_client.status": () => "ENABLED",
  "segments.date": ({ day }) => day,
  "segments.week": ({ day }) => monday(day),
  "segments.month": ({ day }) => `${day.slice(0, 7)}-01`,
  "metrics.impressions": ({ performance }) => String(performance.impressions),
  "metrics.clicks": ({ performance }) => String(performance.clicks),
  "metrics.cost_micros": (row) => micros(row, row.performance.spendMinor),
  "metrics.conversions": ({ performance }) => performance.conversions,
  "metrics.conversions_value": (row) => units(row, row.performance.valueMinor),
  "metrics.all_conversions": ({ performance }) => performance.conversions,
  "metrics.all_conversions_value": (row) => units(row, row.performance.valueMinor),
  "metrics.ctr": ({ performance }) => ratio(performance.clicks, performance.impressions),
  "metrics.average_cpc": (row) =>
    ratio(Number(micros(row, row.performance.spendMinor)), row.performance.clicks),
};

/** A resource: its rows' objects, and the other resources whose fields may be selected with it. */
export interface Table {
  entities(account: AdAccount): Entity[];
  with: string[];
  hasMetrics: boolean;
}

const campaigns = (account: AdAccount): Entity[] =>
  account.campaigns.map((campaign) => ({ account, campaign }));
const groups = (account: AdAccount): Entity[] =>
  account.campaigns.flatMap((campaign) => campaign.groups.map((group) => ({ account, campaign, group })));
const ads = (account: AdAccount): Entity[] =>
  groups(account).flatMap((parent) => (parent.group?.ads ?? []).map((ad) => ({ ...parent, ad })));
const keywords = (account: AdAccount): Entity[] =>
  groups(account).flatMap((parent) =>
    (parent.group?.keywords ?? []).map((keyword) => ({ ...parent, keyword })),
  );

const PARENTS = ["customer", "campaign", "campaign_budget", "ad_group"];

/** The resources by name. A manager's `customer_client` lists the accounts under it. */
export const TABLES: Record<string, Table> = {
  customer: { entities: (account) => [{ account }], with: ["customer"], hasMetrics: true },
  campaign: { entities: campaigns, with: PARENTS.slice(0, 3), hasMetrics: true },
  ad_group: { entities: groups, with: PARENTS, hasMetrics: true },
  ad_group_ad: { entities: ads, with: [...PARENTS, "ad_group_ad"], hasMetrics: true },
  keyword_view: {
    entities: keywords,
    with: [...PARENTS, "ad_group_criterion", "keyword_view"],
    hasMetrics: true,
  },
  ad_group_criterion: { entities: keywords, with: [...PARENTS, "ad_group_criterion"], hasMetrics: false },
  customer_client: { entities: (account) => [{ account }], with: ["customer_client"], hasMetrics: false },
};
