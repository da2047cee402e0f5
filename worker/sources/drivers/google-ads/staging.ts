/**
 * Converts Google Ads records to common shapes: micros become minor units, empty ids become null.
 * @module
 */

import { type AdDay, type AdPlatform, type AdStatus, stagedAccounts } from "../../shapes/ads";
import { minorOfMajor, minorOfMicros } from "../../shapes/currency";
import { staged } from "../../shapes/staged";
import {
  type GoogleAdPerformance,
  googleAccountSchema,
  googleAdGroupSchema,
  googleAdPerformanceSchema,
  googleAdSchema,
  googleCampaignSchema,
  googleKeywordPerformanceSchema,
  googleKeywordSchema,
} from "./records";

function statusOf(status: string): AdStatus {
  if (status === "REMOVED") return "removed";
  return status === "PAUSED" ? "paused" : "active";
}

type Performance = Omit<GoogleAdPerformance, "ad_group_id" | "ad_id">;

function measuresOf(record: Performance, currency: string) {
  return {
    impressions: record.impressions,
    clicks: record.clicks,
    spend_minor: minorOfMicros(record.cost_micros, currency),
    conversions: record.conversions,
    value_minor: minorOfMajor(record.conversions_value, currency),
  };
}

function dayOf(record: Performance) {
  const { day, account_id, campaign_id } = record;
  return { day, account_id, campaign_id };
}

/** How Google's streams are staged. */
export const platform: AdPlatform = {
  hasClicksWithinImpressions: true,
  utmSource: "google",
  objects: [
    stagedAccounts("accounts", googleAccountSchema),
    staged("campaigns", googleCampaignSchema, (campaign) => ({
      level: "campaign",
      account_id: campaign.account_id,
      id: campaign.id,
      parent_id: campaign.account_id,
      name: campaign.name,
      status: statusOf(campaign.status),
      link: campaign.tracking_url_template,
    })),
    staged("ad_groups", googleAdGroupSchema, (group) => ({
      level: "ad_group",
      account_id: group.account_id,
      id: group.id,
      parent_id: group.campaign_id,
      name: group.name,
      status: statusOf(group.status),
    })),
    staged("ads", googleAdSchema, (ad) => ({
      level: "ad",
      account_id: ad.account_id,
      id: ad.id,
      parent_id: ad.ad_group_id,
      name: ad.name,
      status: statusOf(ad.status),
      creative: ad.headline ?? ad.type.toLowerCase(),
      link: ad.final_urls[0] ?? null,
    })),
    staged("keywords", googleKeywordSchema, (keyword) => ({
      level: "keyword",
      account_id: keyword.account_id,
      id: keyword.id,
      parent_id: keyword.ad_group_id,
      name: keyword.text,
      status: statusOf(keyword.status),
      match_type: keyword.match_type.toLowerCase(),
    })),
  ],
  ads: staged(
    "ad_performance",
    googleAdPerformanceSchema,
    (record, currencyOf: (account: string) => string): AdDay => ({
      ...dayOf(record),
      ad_group_id: record.ad_group_id || null,
      ad_id: record.ad_id || null,
      keyword_id: null,
      ...measuresOf(record, currencyOf(record.account_id)),
    }),
  ),
  keywords: staged(
    "keyword_performance",
    googleKeywordPerformanceSchema,
    (record, currencyOf: (account: string) => string): AdDay => ({
      ...dayOf(record),
      ad_group_id: record.ad_group_id,
      ad_id: null,
      keyword_id: record.keyword_id,
      ...measuresOf(record, currencyOf(record.account_id)),
    }),
  ),
};
