/**
 * Columns of the common shapes.
 * @module
 */
import type { AdDay, AdObject } from "../../shapes/ads";
import type { Column } from "./model";

type Line = readonly [type: string, meaning: string, unit?: string];

const columns = <Shape>(lines: Record<keyof Shape, Line>, nullable: readonly (keyof Shape)[]): Column[] =>
  Object.entries<Line>(lines).map(([name, [type, meaning, unit = null]]) => ({
    name,
    type,
    nullable: nullable.some((own) => own === name),
    unit,
    meaning,
  }));

const MINOR = "minor units of the account's currency";

export const adDayMeanings = columns<AdDay>(
  {
    day: ["day", "Calendar day of the ad account."],
    account_id: ["text", "The platform's id of the ad account."],
    campaign_id: ["text", "The platform's id of the campaign; null where the platform reports the ad only."],
    ad_group_id: ["text", "The platform's id of the ad group."],
    ad_id: ["text", "The platform's id of the ad."],
    keyword_id: ["text", "The platform's id of the keyword."],
    impressions: ["integer", "Impressions.", "count"],
    clicks: ["integer", "Clicks, as counted by the platform.", "count"],
    spend_minor: ["number", "Spend.", MINOR],
    conversions: ["number", "Platform-reported conversions.", "count"],
    value_minor: ["number", "Platform-reported conversion value.", MINOR],
  },
  ["campaign_id", "ad_group_id", "ad_id", "keyword_id"],
);

export const adObjectMeanings = columns<AdObject>(
  {
    level: ["text", "account, campaign, ad_group, ad or keyword."],
    account_id: ["text", "The platform's id of the ad account."],
    id: ["text", "The platform's id of the object."],
    parent_id: ["text", "Id of the parent object."],
    name: ["text", "Current name."],
    status: ["text", "Its own status: active, paused, archived or removed."],
    currency: ["text", "Billing currency, of accounts.", "ISO 4217"],
    creative: ["text", "Headline, of ads."],
    link: ["text", "Landing page or URL template."],
    match_type: ["text", "Match type, of keywords."],
  },
  ["parent_id", "name", "currency", "creative", "link", "match_type"],
);
