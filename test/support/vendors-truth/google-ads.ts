/**
 * Expected contents of synced tables of Google Ads, computed from the stand-in's truth.
 * @module
 */

import type { AdTruth, DayTruth, KeywordDayTruth, ObjectStatus } from "../../../demo/vendors/ads.ts";
import type { Performance } from "../../../demo/vendors/company/ads.ts";
import { currencyDecimals } from "../../../demo/vendors/company/index.ts";

type Fields = Record<string, unknown>;
/** As returned by the host: days as lists instead of functions of their range. */
type ReportedTruth = Omit<AdTruth, "days" | "keywordDays"> & {
  days: DayTruth[];
  keywordDays: KeywordDayTruth[];
};

const STATUS: Record<ObjectStatus, string> = {
  active: "ENABLED",
  paused: "PAUSED",
  removed: "REMOVED",
  archived: "REMOVED",
};

/** The expected records of a stream by key, of all accounts; with the days of the truth. */
export function expected(truth: ReportedTruth, stream: string): Map<string, Fields> {
  const statuses = new Map(
    [...truth.campaigns, ...truth.groups, ...truth.ads, ...truth.keywords].map(({ id, status }) => [
      id,
      STATUS[status],
    ]),
  );
  const decimals = new Map(truth.accounts.map(({ id, currency }) => [id, currencyDecimals(currency)]));
  const performance = (
    day: Performance & { day: string; accountId: string; campaignId: string; groupId: string },
  ) => {
    const digits = decimals.get(day.accountId) ?? 2;
    return {
      day: day.day,
      account_id: day.accountId,
      campaign_id: day.campaignId,
      ad_group_id: day.groupId,
      impressions: day.impressions,
      clicks: day.clicks,
      cost_micros: day.spendMinor * 10 ** (6 - digits),
      conversions: day.conversions,
      conversions_value: day.valueMinor / 10 ** digits,
    };
  };
  const campaigns = truth.accounts.flatMap((account) =>
    account.campaigns.map((campaign) => ({ account, campaign })),
  );
  const groups = campaigns.flatMap((at) => at.campaign.groups.map((group) => ({ ...at, group })));
  const rows: Record<string, () => Fields[]> = {
    accounts: () =>
      truth.accounts.map(({ id, name, currency, timeZone }) => ({
        id,
        name,
        currency,
        timezone: timeZone,
        status: "ENABLED",
      })),
    campaigns: () =>
      campaigns.map(({ account, campaign: { id, name, dailyBudgetMinor } }) => ({
        id,
        account_id: account.id,
        name,
        status: statuses.get(id),
        channel_type: "SEARCH",
        tracking_url_template: null,
        budget_micros: dailyBudgetMinor * 10 ** (6 - currencyDecimals(account.currency)),
      })),
    ad_groups: () =>
      groups.map(({ account, campaign, group: { id, name } }) => ({
        id,
        account_id: account.id,
        campaign_id: campaign.id,
        name,
        status: statuses.get(id),
        type: "SEARCH_STANDARD",
      })),
    ads: () =>
      groups.flatMap(({ account, campaign, group }) =>
        group.ads.map(({ id, name, headline, url }) => ({
          id,
          account_id: account.id,
          campaign_id: campaign.id,
          ad_group_id: group.id,
          status: statuses.get(id),
          name,
          type: "RESPONSIVE_SEARCH_AD",
          headline,
          final_urls: [url],
        })),
      ),
    keywords: () =>
      groups.flatMap(({ account, campaign, group }) =>
        group.keywords.map(({ id, text, match }) => ({
          id,
          account_id: account.id,
          campaign_id: campaign.id,
          ad_group_id: group.id,
          status: statuses.get(id),
          text,
          match_type: match.toUpperCase(),
        })),
      ),
    ad_performance: () => truth.days.map((day) => ({ ...performance(day), ad_id: day.adId })),
    keyword_performance: () =>
      truth.keywordDays.map((day) => ({ ...performance(day), keyword_id: day.keywordId })),
  };
  const make = rows[stream];
  if (make === undefined) throw new Error(`google_ads has no stream ${stream}`);
  const key = (own: Fields) => (KEYS[stream] ?? ["id"]).map((name) => own[name]).join("/");
  return new Map(make().map((own) => [key(own), own]));
}

/** Unique key of a stream's records. Default: `id`. */
const KEYS: Record<string, string[]> = {
  ads: ["ad_group_id", "id"],
  keywords: ["ad_group_id", "id"],
  ad_performance: ["day", "campaign_id", "ad_group_id", "ad_id"],
  keyword_performance: ["day", "ad_group_id", "keyword_id"],
};
