/**
 * The `adAnalytics` finder `analytics`: no pages, at most 20 fields, only elements of entities with results.
 * After the vendor's page "Reporting" ("Ad Analytics", "Metrics Available", "Restrictions").
 * @module
 */

import { adDays, isEmpty } from "../ads.ts";
import type { AdPath, Performance } from "../company/ads.ts";
import { addPerformance, currencyDecimals, NO_PERFORMANCE, today } from "../company/index.ts";
import type { Stage } from "../server/index.ts";
import type { VendorAnswer } from "../server/routes.ts";
import { badParameter } from "./errors.ts";
import { at, parseRestli, type Restli, texts } from "./restli.ts";

/** "Up to 20 metrics can be specified" in `fields`, `dateRange` and `pivotValues` included. */
const FIELDS_MAX = 20;
const ENTITIES_MAX = 50;

const PIVOTS: Record<string, (path: AdPath) => string> = {
  ACCOUNT: ({ account }) => `urn:li:sponsoredAccount:${account.id}`,
  CAMPAIGN_GROUP: ({ account }) => `urn:li:sponsoredCampaignGroup:${account.id}1`,
  CAMPAIGN: ({ campaign }) => `urn:li:sponsoredCampaign:${campaign.id}`,
  CREATIVE: ({ ad }) => `urn:li:sponsoredCreative:${ad.id}`,
};
/** The parameters that name entities; at least one is required. */
const FACETS: Record<string, keyof typeof PIVOTS> = {
  accounts: "ACCOUNT",
  campaignGroups: "CAMPAIGN_GROUP",
  campaigns: "CAMPAIGN",
  creatives: "CREATIVE",
};
const GRANULARITIES = ["ALL", "DAILY", "MONTHLY", "YEARLY"];

interface Element {
  pivot: string;
  currency: string;
  first: string;
  last: string;
  performance: Performance;
}

const dateOf = (day: string) => {
  const [year, month, date] = day.split("-").map(Number);
  return { year, month, day: date };
};
const money = ({ currency }: Element, minor: number) => {
  const decimals = currencyDecimals(currency);
  return (minor / 10 ** decimals).toFixed(decimals);
};
/** Metrics that exist and are always zero here: enough that more than one chunk of fields is needed. */
const ZEROS = [
  "approximateMemberReach",
  "comments",
  "follows",
  "fullScreenPlays",
  "leadGenerationMailContactInfoShares",
  "likes",
  "oneClickLeadFormOpens",
  "oneClickLeads",
  "opens",
  "otherEngagements",
  "reactions",
  "shares",
  "textUrlClicks",
  "videoCompletions",
  "videoStarts",
  "videoViews",
  "viralClicks",
  "viralImpressions",
];

type Field = (element: Element) => unknown;
const FIELDS: Record<string, Field> = {
  ...Object.fromEntries(ZEROS.map((name): [string, Field] => [name, () => 0])),
  dateRange: ({ first, last }) => ({ start: dateOf(first), end: dateOf(last) }),
  pivotValues: ({ pivot }) => [pivot],
  impressions: ({ performance }) => performance.impressions,
  clicks: ({ performance }) => performance.clicks,
  landingPageClicks: ({ performance }) => performance.clicks,
  totalEngagements: ({ performance }) => performance.clicks,
  // Decimal texts, as all amounts of this API.
  costInLocalCurrency: (element) => money(element, element.performance.spendMinor),
  externalWebsiteConversions: ({ performance }) => performance.conversions,
  externalWebsitePostClickConversions: ({ performance }) => performance.conversions,
  externalWebsitePostViewConversions: () => 0,
  conversionValueInLocalCurrency: (element) => money(element, element.performance.valueMinor),
};

function dayAt(range: Restli, end: string): string | undefined {
  const date = at(range, end);
  if (date === undefined) return undefined;
  const [year, month, day] = ["year", "month", "day"].map((part) => Number(at(date, part)));
  const text = `${year}-${String(month).padStart(2, "0")}-${String(day).padStart(2, "0")}`;
  return Number.isNaN(Date.parse(text)) ? "" : text;
}

interface Question {
  pivot: string;
  granularity: string;
  from: string;
  to: string;
  fields: string[];
  entities: Map<string, string[]>;
}

function questionOf(stage: Stage, parameters: Map<string, string>): Question | VendorAnswer {
  const read = (name: string) => (parameters.has(name) ? parseRestli(parameters.get(name) ?? "") : undefined);
  const word = (name: string) => {
    const value = read(name);
    return typeof value === "string" ? value : String(at(value, "value") ?? "");
  };
  const [pivot, granularity] = [word("pivot"), word("timeGranularity")];
  if (!(pivot in PIVOTS)) return badParameter(`Invalid value for pivot: ${pivot}`);
  if (!GRANULARITIES.includes(granularity))
    return badParameter(`Invalid value for timeGranularity: ${granularity}`);
  const range = read("dateRange") ?? "";
  const from = dayAt(range, "start");
  const to = dayAt(range, "end") ?? today(stage.now(), "UTC");
  if (!from || !to || from > to)
    return badParameter("Invalid param. Please see errorDetails for more information.");
  const fields = (parameters.get("fields") ?? "impressions,clicks").split(/,|%2C/);
  if (fields.length > FIELDS_MAX)
    return badParameter(`Number of fields in the projection must not be more than ${FIELDS_MAX}.`);
  const unknown = fields.find((field) => !(field in FIELDS));
  if (unknown) return badParameter(`Invalid field in projection: ${unknown}`);
  const named = Object.keys(FACETS).filter((facet) => parameters.has(facet));
  const entities = new Map(named.map((facet) => [FACETS[facet] ?? "", texts(read(facet))]));
  if (entities.size === 0)
    return badParameter("At least one facet of accounts, campaigns or creatives is required.");
  if ([...entities.values()].some((urns) => urns.length > ENTITIES_MAX))
    return badParameter(`No more than ${ENTITIES_MAX} entities may be asked for.`);
  return { pivot, granularity, from, to, fields, entities };
}

/** First and last day of the element of a day; ranges of months and years are cut to the query's. */
function spanOf(day: string, { granularity, from, to }: Question): [string, string] {
  if (granularity === "ALL") return [from, to];
  if (granularity === "DAILY") return [day, day];
  const isYear = granularity === "YEARLY";
  const first = isYear ? `${day.slice(0, 4)}-01-01` : `${day.slice(0, 7)}-01`;
  const [year = 0, month = 0] = day.split("-").map(Number);
  const last = new Date(Date.UTC(isYear ? year + 1 : year, isYear ? 0 : month, 0)).toISOString().slice(0, 10);
  return [first < from ? from : first, last > to ? to : last];
}

/** The elements of a query, before the vendor's limit; entities without results have none. */
export function analytics(stage: Stage, parameters: Map<string, string>): object[] | VendorAnswer {
  const question = questionOf(stage, parameters);
  if (!("pivot" in question)) return question;
  const { pivot, from, to, fields, entities } = question;
  const elements = new Map<string, Element>();
  for (const account of stage.account.adAccounts.filter(({ platform }) => platform === "linkedin_ads")) {
    for (const { path, day, performance } of adDays(stage, account, from, to)) {
      if (![...entities].every(([name, urns]) => urns.includes(PIVOTS[name]?.(path) ?? ""))) continue;
      const value = PIVOTS[pivot]?.(path) ?? "";
      const [first, last] = spanOf(day, question);
      const key = `${value}|${first}`;
      const sum = elements.get(key)?.performance ?? NO_PERFORMANCE;
      const { currency } = account;
      elements.set(key, {
        pivot: value,
        currency,
        first,
        last,
        performance: addPerformance(sum, performance),
      });
    }
  }
  return [...elements.values()]
    .filter(({ performance }) => !isEmpty(performance))
    .map((element) => Object.fromEntries(fields.map((field) => [field, FIELDS[field]?.(element)])))
    .map((element) => stage.faults.shape("adAnalytics", element));
}
