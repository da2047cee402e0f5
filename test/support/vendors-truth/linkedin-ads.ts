/**
 * Expected contents of synced tables of LinkedIn Ads, computed from the stand-in's truth.
 * @module
 */

import type { AdTruth, DayTruth, ObjectStatus } from "../../../demo/vendors/ads.ts";
import { currencyDecimals } from "../../../demo/vendors/company/index.ts";

type Fields = Record<string, unknown>;
/** As returned by the host: days as a list instead of a function of their range. */
type ReportedTruth = Omit<AdTruth, "days" | "keywordDays"> & { days: DayTruth[] };

const STATUS: Record<ObjectStatus, string> = {
  active: "ACTIVE",
  paused: "PAUSED",
  removed: "REMOVED",
  archived: "ARCHIVED",
};
/** Metrics that are requested and are always zero in the stand-in. */
const NONE =
  "likes comments shares follows video_views video_completions one_click_leads one_click_lead_form_opens " +
  "viral_impressions viral_clicks external_website_post_view_conversions";

/** The expected records of a stream by key, of all accounts; with the days of the truth. */
export function expected(truth: ReportedTruth, stream: string): Map<string, Fields> {
  const statuses = new Map([...truth.campaigns, ...truth.ads].map(({ id, status }) => [id, status]));
  const money = (minor: number, currency: string) => {
    const decimals = currencyDecimals(currency);
    return (minor / 10 ** decimals).toFixed(decimals);
  };
  const campaigns = truth.accounts.flatMap((account) =>
    account.campaigns.map((campaign) => ({ account, campaign })),
  );
  const rows: Record<string, () => Fields[]> = {
    accounts: () =>
      truth.accounts.map(({ id, name, currency }) => ({ id, name, currency, status: "ACTIVE" })),
    campaigns: () =>
      campaigns.map(({ account, campaign }) => ({
        id: campaign.id,
        account_id: account.id,
        campaign_group_id: `${account.id}1`,
        name: campaign.name,
        status: STATUS[statuses.get(campaign.id) ?? "active"],
        type: "SPONSORED_UPDATES",
        objective_type: "WEBSITE_CONVERSION",
        cost_type: "CPM",
        daily_budget: money(campaign.dailyBudgetMinor, account.currency),
        created_at: campaign.createdAt,
      })),
    creatives: () =>
      campaigns.flatMap(({ account, campaign }) =>
        campaign.groups
          .flatMap(({ ads }) => ads)
          .map(({ id, name, headline, url }) => ({
            id,
            account_id: account.id,
            campaign_id: campaign.id,
            name,
            intended_status: STATUS[statuses.get(id) ?? "active"],
            is_serving: statuses.get(id) === "active" && statuses.get(campaign.id) === "active",
            headline,
            landing_page: url,
            created_at: campaign.createdAt,
          })),
      ),
    ad_analytics: () =>
      truth.days.map((day) => ({
        day: day.day,
        account_id: day.accountId,
        creative_id: day.adId,
        impressions: day.impressions,
        clicks: day.clicks,
        landing_page_clicks: day.clicks,
        total_engagements: day.clicks,
        ...Object.fromEntries(NONE.split(" ").map((name) => [name, 0])),
        cost_in_local_currency: String(Number(money(day.spendMinor, day.currency))),
        external_website_conversions: day.conversions,
        external_website_post_click_conversions: day.conversions,
        conversion_value_in_local_currency: String(Number(money(day.valueMinor, day.currency))),
      })),
  };
  const make = rows[stream];
  if (make === undefined) throw new Error(`linkedin_ads has no stream ${stream}`);
  return new Map(make().map((own) => [String(own.id ?? `${own.day}/${own.creative_id}`), own]));
}
