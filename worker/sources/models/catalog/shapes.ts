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
    campaign_id: ["text", "The platform's id of the campaign; none where the platform names the ad alone."],
    ad_group_id: ["text", "The platform's id of the ad group."],
    ad_id: ["text", "The platform's id of the ad."],
    keyword_id: ["text", "The platform's id of the keyword."],
    impressions: ["integer", "How often it was shown.", "count"],
    clicks: ["integer", "Clicks, as the platform counts them.", "count"],
    spend_minor: ["number", "What it cost.", MINOR],
    conversions: ["number", "Conversions that the platform claims.", "count"],
    value_minor: ["number", "What those were worth, as the platform claims.", MINOR],
  },
  ["campaign_id", "ad_group_id", "ad_id", "keyword_id"],
);

export const adObjectMeanings = columns<AdObject>(
  {
    level: ["text", "account, campaign, ad_group, ad or keyword."],
    account_id: ["text", "The platform's id of the ad account."],
    id: ["text", "The platform's id of it."],
    parent_id: ["text", "Id of what it belongs to."],
    name: ["text", "Name that it has now."],
    status: ["text", "Its own status: active, paused, archived or removed."],
    currency: ["text", "Of accounts: what they are billed in.", "ISO 4217"],
    creative: ["text", "Of ads: what they say first."],
    link: ["text", "Where it leads or what is put on its links."],
    match_type: ["text", "Of keywords: how close a search must come."],
  },
  ["parent_id", "name", "currency", "creative", "link", "match_type"],
);
