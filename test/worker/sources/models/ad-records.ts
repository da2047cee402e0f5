/** Records of a small Google Ads account, as its driver yields them. */
import { commitContents, type Stage, type StreamContents } from "../../../support/mart-stage";

export const ACCOUNT = "100";
const ids = { account_id: ACCOUNT, campaign_id: "c1" };

/** Results of an ad on a day, in micros. */
export const adDay = (day: string, ad_id: string, cost_micros: number, given: object = {}) => ({
  ...ids,
  day,
  ad_group_id: "g1",
  ad_id,
  impressions: 1000,
  clicks: 10,
  cost_micros,
  conversions: 1.5,
  conversions_value: 30.25,
  ...given,
});
export const keywordDay = (day: string, keyword_id: string, cost_micros: number) => {
  const { ad_id: _, ...rest } = adDay(day, "", cost_micros);
  return { ...rest, keyword_id };
};

export const campaign = {
  id: "c1",
  account_id: ACCOUNT,
  name: "Spring",
  status: "ENABLED",
  tracking_url_template: null,
};
export const ad = (id: string, status = "ENABLED") => ({
  ...ids,
  id,
  ad_group_id: "g1",
  status,
  name: `Ad ${id}`,
  type: "RESPONSIVE_SEARCH_AD",
  headline: "Cloth",
  final_urls: [`https://shop.example/?utm_source=google&utm_medium=cpc&utm_campaign={campaignid}-${id}`],
});

/** Every stream of the account, two months of days, read up to `now`. */
export async function sayAccount(stage: Stage, now: number): Promise<void> {
  const streams: Record<string, StreamContents> = {
    accounts: {
      records: {
        [ACCOUNT]: { id: ACCOUNT, name: "Shop", currency: "USD", timezone: "UTC", status: "ENABLED" },
      },
    },
    campaigns: { records: { c1: campaign } },
    ad_groups: {
      records: { g1: { ...ids, id: "g1", name: "Group", status: "ENABLED", type: "SEARCH_STANDARD" } },
    },
    ads: { records: { "g1/a1": ad("a1"), "g1/a2": ad("a2") } },
    keywords: {
      records: {
        "g1/k1": {
          ...ids,
          id: "k1",
          ad_group_id: "g1",
          status: "ENABLED",
          text: "indigo",
          match_type: "EXACT",
        },
      },
    },
    ad_performance: {
      days: {
        "2026-10-31": [adDay("2026-10-31", "a1", 1_000_000), adDay("2026-10-31", "a2", 2_000_000)],
        "2026-11-01": [adDay("2026-11-01", "a1", 3_500_000)],
      },
    },
    keyword_performance: { days: { "2026-11-01": [keywordDay("2026-11-01", "k1", 3_500_000)] } },
  };
  for (const [stream, contents] of Object.entries(streams))
    await commitContents(stage, stream, ACCOUNT, { ...contents, completeUntil: now }, now);
}
