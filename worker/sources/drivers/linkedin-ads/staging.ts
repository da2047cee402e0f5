/**
 * Converts LinkedIn Ads records to common shapes: decimal texts in major units become minor units; a creative is an ad
 * without a group, and its days refer to the ad only.
 * @module
 */

import { type AdDay, type AdPlatform, type AdStatus, stagedAccounts } from "../../shapes/ads";
import { minorOfText } from "../../shapes/currency";
import { staged } from "../../shapes/staged";
import {
  linkedinAccountSchema,
  linkedinAdAnalyticsSchema,
  linkedinCampaignSchema,
  linkedinCreativeSchema,
} from "./records";

const STATUSES: Record<string, AdStatus> = {
  ACTIVE: "active",
  REMOVED: "removed",
  PENDING_DELETION: "removed",
  ARCHIVED: "archived",
};

/** Drafts and completed campaigns are not delivered either. */
const statusOf = (status: string): AdStatus => STATUSES[status] ?? "paused";

/** How LinkedIn's streams are staged. */
export const platform: AdPlatform = {
  hasClicksWithinImpressions: true,
  utmSource: "linkedin",
  objects: [
    stagedAccounts("accounts", linkedinAccountSchema),
    staged("campaigns", linkedinCampaignSchema, (campaign) => ({
      level: "campaign",
      account_id: campaign.account_id,
      id: campaign.id,
      parent_id: campaign.account_id,
      name: campaign.name,
      status: statusOf(campaign.status),
    })),
    staged("creatives", linkedinCreativeSchema, (creative) => ({
      level: "ad",
      account_id: creative.account_id,
      id: creative.id,
      parent_id: creative.campaign_id,
      name: creative.name ?? creative.headline,
      status: statusOf(creative.intended_status),
      creative: creative.headline,
      link: creative.landing_page,
    })),
  ],
  ads: staged(
    "ad_analytics",
    linkedinAdAnalyticsSchema,
    (record, currencyOf: (account: string) => string): AdDay => {
      const currency = currencyOf(record.account_id);
      return {
        day: record.day,
        account_id: record.account_id,
        campaign_id: null,
        ad_group_id: null,
        ad_id: record.creative_id,
        keyword_id: null,
        impressions: record.impressions,
        clicks: record.clicks,
        spend_minor: minorOfText(record.cost_in_local_currency, currency),
        conversions: record.external_website_conversions,
        value_minor: minorOfText(record.conversion_value_in_local_currency, currency),
      };
    },
  ),
};
