/**
 * Converts rows of the Google Ads API to records: the selected fields of each stream, and how a row is flattened. 64-bit
 * numbers are texts; empty texts become null.
 * @module
 */
import { z } from "zod";
import type { SourceRecord } from "../../vendor/driver";
import { parseShape } from "../parse-answer";
import { type Gaql, quoted } from "./gaql";
import { METRICS } from "./requests";

const id = z.union([z.string().regex(/^\d+$/), z.number().int()]).transform(String);
const int = z.union([z.number().int(), z.string().regex(/^-?\d+$/)]).transform(Number);
const text = z.string().optional();
const orNull = (value: string | undefined) => value || null;

/** How a stream is queried and converted. */
export interface Table extends Gaql {
  record(row: unknown): SourceRecord;
}

function table<S extends z.ZodType>(query: Gaql, schema: S, make: (row: z.output<S>) => SourceRecord): Table {
  return { ...query, record: (row) => make(parseShape(query.from, schema, row)) };
}

const customer = z.object({ id });
const campaign = z.object({ id });
const adGroup = z.object({ id });

/** Lists: streams by name. Removed objects are included with status REMOVED. */
export const LISTS: Record<string, Table> = {
  accounts: table(
    {
      select: ["id", "descriptive_name", "currency_code", "time_zone", "status"].map(
        (name) => `customer.${name}`,
      ),
      from: "customer",
    },
    z.object({
      customer: z.object({
        id,
        descriptiveName: text,
        currencyCode: z.string(),
        timeZone: z.string(),
        status: z.string(),
      }),
    }),
    ({ customer: own }) => ({
      id: own.id,
      name: own.descriptiveName || own.id,
      currency: own.currencyCode,
      timezone: own.timeZone,
      status: own.status,
    }),
  ),
  campaigns: table(
    {
      select: [
        ...["id", "name", "status", "advertising_channel_type", "tracking_url_template"].map(
          (name) => `campaign.${name}`,
        ),
        ...["customer.id", "campaign_budget.amount_micros"],
      ],
      from: "campaign",
    },
    z.object({
      customer,
      campaign: z.object({
        id,
        name: z.string(),
        status: z.string(),
        advertisingChannelType: z.string(),
        trackingUrlTemplate: text,
      }),
      campaignBudget: z.object({ amountMicros: int.optional() }).optional(),
    }),
    ({ customer: { id: account_id }, campaign: own, campaignBudget }) => ({
      id: own.id,
      account_id,
      name: own.name,
      status: own.status,
      channel_type: own.advertisingChannelType,
      tracking_url_template: orNull(own.trackingUrlTemplate),
      budget_micros: campaignBudget?.amountMicros ?? null,
    }),
  ),
  ad_groups: table(
    {
      select: [
        "customer.id",
        "campaign.id",
        "ad_group.id",
        "ad_group.name",
        "ad_group.status",
        "ad_group.type",
      ],
      from: "ad_group",
    },
    z.object({
      customer,
      campaign,
      adGroup: z.object({ id, name: z.string(), status: z.string(), type: z.string() }),
    }),
    ({ customer: { id: account_id }, campaign: { id: campaign_id }, adGroup: own }) => ({
      id: own.id,
      account_id,
      campaign_id,
      name: own.name,
      status: own.status,
      type: own.type,
    }),
  ),
  ads: table(
    {
      select: [
        ...["customer.id", "campaign.id", "ad_group.id", "ad_group_ad.status"],
        ...["id", "name", "type", "final_urls", "responsive_search_ad.headlines"].map(
          (name) => `ad_group_ad.ad.${name}`,
        ),
      ],
      from: "ad_group_ad",
    },
    z.object({
      customer,
      campaign,
      adGroup,
      adGroupAd: z.object({
        status: z.string(),
        ad: z.object({
          id,
          name: text,
          type: z.string(),
          finalUrls: z.array(z.string()).optional(),
          responsiveSearchAd: z
            .object({ headlines: z.array(z.object({ text: text })).optional() })
            .optional(),
        }),
      }),
    }),
    ({
      customer: { id: account_id },
      campaign: { id: campaign_id },
      adGroup: { id: ad_group_id },
      adGroupAd,
    }) => {
      const { status, ad } = adGroupAd;
      return {
        id: ad.id,
        account_id,
        campaign_id,
        ad_group_id,
        status,
        name: orNull(ad.name),
        type: ad.type,
        headline: orNull(ad.responsiveSearchAd?.headlines?.[0]?.text),
        final_urls: ad.finalUrls ?? [],
      };
    },
  ),
  keywords: table(
    {
      select: [
        ...["customer.id", "campaign.id", "ad_group.id"],
        ...["criterion_id", "status", "keyword.text", "keyword.match_type"].map(
          (name) => `ad_group_criterion.${name}`,
        ),
      ],
      from: "ad_group_criterion",
      where: [`ad_group_criterion.type = ${quoted("KEYWORD")}`, "ad_group_criterion.negative = FALSE"],
    },
    z.object({
      customer,
      campaign,
      adGroup,
      adGroupCriterion: z.object({
        criterionId: id,
        status: z.string(),
        keyword: z.object({ text: z.string(), matchType: z.string() }),
      }),
    }),
    ({
      customer: { id: account_id },
      campaign: { id: campaign_id },
      adGroup: { id: ad_group_id },
      adGroupCriterion,
    }) => {
      const { criterionId, status, keyword } = adGroupCriterion;
      const own = { text: keyword.text, match_type: keyword.matchType };
      return { id: criterionId, account_id, campaign_id, ad_group_id, status, ...own };
    },
  ),
};

const dayRow = z.object({
  customer,
  campaign,
  segments: z.object({ date: z.string() }),
  metrics: z.object({
    impressions: int,
    clicks: int,
    costMicros: int,
    conversions: z.number(),
    conversionsValue: z.number(),
  }),
});
const DAY_FIELDS = ["segments.date", "customer.id", "campaign.id", ...METRICS];

const performance = ({
  customer: { id: account_id },
  campaign: { id: campaign_id },
  segments,
  metrics,
}: z.infer<typeof dayRow>) => ({
  day: segments.date,
  account_id,
  campaign_id,
  impressions: metrics.impressions,
  clicks: metrics.clicks,
  cost_micros: metrics.costMicros,
  conversions: metrics.conversions,
  conversions_value: metrics.conversionsValue,
});

/** Campaigns by day: their metrics equal the sums of their ads. */
export const CAMPAIGN_DAYS = table({ select: DAY_FIELDS, from: "campaign" }, dayRow, performance);

/** Daily streams by name: the union of these queries. */
export const DAYS: Record<string, Table[]> = {
  ad_performance: [
    table(
      { select: [...DAY_FIELDS, "ad_group.id", "ad_group_ad.ad.id"], from: "ad_group_ad" },
      dayRow.extend({ adGroup, adGroupAd: z.object({ ad: z.object({ id }) }) }),
      (row) => ({ ...performance(row), ad_group_id: row.adGroup.id, ad_id: row.adGroupAd.ad.id }),
    ),
    // "Performance Max reporting": such campaigns have asset groups, not ads.
    table(
      {
        select: DAY_FIELDS,
        from: "campaign",
        where: [`campaign.advertising_channel_type = ${quoted("PERFORMANCE_MAX")}`],
      },
      dayRow,
      (row) => ({ ...performance(row), ad_group_id: "", ad_id: "" }),
    ),
  ],
  keyword_performance: [
    table(
      { select: [...DAY_FIELDS, "ad_group.id", "ad_group_criterion.criterion_id"], from: "keyword_view" },
      dayRow.extend({ adGroup, adGroupCriterion: z.object({ criterionId: id }) }),
      (row) => ({
        ...performance(row),
        ad_group_id: row.adGroup.id,
        keyword_id: row.adGroupCriterion.criterionId,
      }),
    ),
  ],
};
