/**
 * The marts of advertising: daily performance of each ad, keyword and campaign, on any platform.
 * @module
 */
import type { AdsCampaignRow, AdsKeywordRow, AdsRow } from "../../../../schema/wire/mart";
import type { AdDay } from "../../shapes/ads";
import type { Rates } from "../../shapes/currency";
import type { AdPath, AdTree } from "./ad-tree";

/** Values shared by all rows of a source, and currency conversion. */
export interface AdsContext {
  project: string;
  source: string;
  platform: string;
  tree: AdTree;
  rates: Rates;
  /** ISO 4217 code of the target currency. */
  currency: string;
}

/** Rows of a month, built day by day so that raw records are not all in memory. */
export class AdsTables {
  readonly ads: AdsRow[] = [];
  readonly keywords: AdsKeywordRow[] = [];
  readonly #campaigns = new Map<string, AdsCampaignRow>();

  constructor(readonly context: AdsContext) {}

  /** Campaign performance: sums of ads. */
  get campaigns(): AdsCampaignRow[] {
    return [...this.#campaigns.values()];
  }

  addAd(day: AdDay): void {
    const path = this.context.tree.pathOf(day);
    const common = this.#common(path, day);
    const { ad_group_id, ad_group, ad_id, ad, creative } = path;
    this.ads.push({ ...common, ad_group_id, ad_group, ad_id, ad, creative });
    this.#addCampaign(common);
  }

  addKeyword(day: AdDay): void {
    const path = this.context.tree.pathOf(day);
    const { ad_group_id, ad_group, keyword_id, keyword, match_type } = path;
    this.keywords.push({
      ...this.#common(path, day),
      ad_group_id,
      ad_group,
      keyword_id: keyword_id ?? "",
      keyword,
      match_type,
    });
  }

  #common(path: AdPath, day: AdDay): AdsCampaignRow {
    const { project, source, platform, tree, rates, currency: target } = this.context;
    const currency = tree.currencyOf(path.account_id);
    const converted = (minor: number) => rates.convert(minor, currency, target, day.day);
    return {
      project_id: project,
      date: Date.parse(day.day),
      platform,
      source_id: source,
      account_id: path.account_id,
      account: path.account,
      campaign_id: path.campaign_id,
      campaign: path.campaign,
      status: path.status,
      currency,
      utm_source: path.utm_source,
      utm_medium: path.utm_medium,
      utm_campaign: path.utm_campaign,
      impressions: day.impressions,
      clicks: day.clicks,
      spend_minor: day.spend_minor,
      spend: converted(day.spend_minor),
      conversions: day.conversions,
      value_minor: day.value_minor,
      value: converted(day.value_minor),
    };
  }

  #addCampaign(row: AdsCampaignRow): void {
    const { date, account_id, campaign_id, status, utm_source, utm_medium, utm_campaign } = row;
    const key = JSON.stringify([date, account_id, campaign_id, status, utm_source, utm_medium, utm_campaign]);
    const known = this.#campaigns.get(key);
    if (!known) {
      this.#campaigns.set(key, row);
      return;
    }
    known.impressions += row.impressions;
    known.clicks += row.clicks;
    known.spend_minor += row.spend_minor;
    known.spend = sum(known.spend, row.spend);
    known.conversions += row.conversions;
    known.value_minor += row.value_minor;
    known.value = sum(known.value, row.value);
  }
}

/** A sum with a missing part is null. */
const sum = (a: number | null, b: number | null): number | null => (a === null || b === null ? null : a + b);
