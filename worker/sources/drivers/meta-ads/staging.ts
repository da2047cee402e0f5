/**
 * Converts Meta Ads records to common shapes. A status is the object's own: parents are considered later, in the same way for
 * all platforms.
 */

import { type AdDay, type AdObject, type AdPlatform, type AdStatus, stagedAccounts } from "../../shapes/ads";
import { staged } from "../../shapes/staged";
import {
  metaAdAccountSchema,
  metaAdInsightSchema,
  metaAdSchema,
  metaAdSetSchema,
  metaCampaignSchema,
} from "./records";

function statusOf(status: string): AdStatus {
  if (status === "DELETED") return "removed";
  if (status === "ARCHIVED") return "archived";
  return status === "PAUSED" ? "paused" : "active";
}

/** Landing page of an ad with its URL parameters. */
function linkOf(url: string | null, tags: string | null): string | null {
  if (!tags) return url;
  const base = url ?? "";
  return `${base}${base.includes("?") ? "&" : "?"}${tags}`;
}

interface Named {
  id: string;
  account_id: string;
  name: string;
  status: string;
}

function objectOf(level: AdObject["level"], { id, account_id, name, status }: Named, parent: string) {
  return { level, account_id, id, parent_id: parent, name, status: statusOf(status) };
}

/** How Meta's streams are staged. */
export const platform: AdPlatform = {
  hasClicksWithinImpressions: false,
  utmSource: "facebook",
  objects: [
    stagedAccounts("ad_accounts", metaAdAccountSchema),
    staged("campaigns", metaCampaignSchema, (campaign) =>
      objectOf("campaign", campaign, campaign.account_id),
    ),
    staged("ad_sets", metaAdSetSchema, (set) => objectOf("ad_group", set, set.campaign_id)),
    staged("ads", metaAdSchema, (ad) => ({
      ...objectOf("ad", ad, ad.ad_set_id),
      creative: ad.creative_title ?? ad.creative_name,
      link: linkOf(ad.link_url, ad.url_tags),
    })),
  ],
  ads: staged(
    "ad_insights",
    metaAdInsightSchema,
    (record): AdDay => ({
      day: record.day,
      account_id: record.account_id,
      campaign_id: record.campaign_id,
      ad_group_id: record.ad_set_id,
      ad_id: record.ad_id,
      keyword_id: null,
      impressions: record.impressions,
      clicks: record.clicks,
      spend_minor: record.spend_minor,
      conversions: record.conversions,
      value_minor: record.value_minor,
    }),
  ),
};
