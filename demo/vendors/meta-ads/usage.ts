/**
 * Rate limits of the Marketing API and their headers.
 * After the vendor's page "Rate Limits": business use cases `ads_insights` (600 + 400 × active ads an hour, Limited
 * access) and `ads_management` (300 + 40 × active ads), rolling over an hour; `X-Business-Use-Case-Usage` in percent,
 * its `estimated_time_to_regain_access` in **minutes**, `reset_time_duration` of `X-Ad-Account-Usage` in seconds.
 * @module
 */
import { effectiveStatus } from "../ads.ts";
import type { Stage } from "../server/index.ts";

const HOUR_MS = 3_600_000;

/** The use case that a call counts toward. */
export type UseCase = "ads_insights" | "ads_management";

/** Access tier of the app ("Marketing API Access Tier"); Limited is the default. */
export type Tier = "limited" | "full";

const ALLOWED: Record<Tier, Record<UseCase, (activeAds: number) => number>> = {
  limited: { ads_insights: (ads) => 600 + 400 * ads, ads_management: (ads) => 300 + 40 * ads },
  full: { ads_insights: (ads) => 190_000 + 400 * ads, ads_management: (ads) => 100_000 + 40 * ads },
};
/** The header has the tiers' names from before they were renamed. */
const TIER_WORD: Record<Tier, string> = { limited: "development_access", full: "standard_access" };

/** Counts calls of the last hour for each use case of the one ad account. */
export class Usage {
  #calls: Record<UseCase, number[]> = { ads_insights: [], ads_management: [] };

  readonly stage: Stage;
  readonly tier: Tier;
  readonly accountId: string;
  readonly factor: number;

  constructor(stage: Stage, tier: Tier, accountId: string, factor: number) {
    this.stage = stage;
    this.tier = tier;
    this.accountId = accountId;
    this.factor = factor;
  }

  /** Counts a call; false when the hour's calls are used up. A refused call does not count. */
  spend(useCase: UseCase): boolean {
    const since = this.stage.now() - HOUR_MS;
    const calls = this.#calls[useCase].filter((at) => at > since);
    this.#calls[useCase] = calls;
    if (this.stage.limits && calls.length >= this.#allowed(useCase)) return false;
    calls.push(this.stage.now());
    return true;
  }

  #allowed(useCase: UseCase): number {
    const paths = this.stage.account.adPaths("meta_ads");
    const active = paths.filter(
      ({ campaign, group, ad }) => effectiveStatus(this.stage, campaign, group, ad) === "active",
    ).length;
    return Math.floor(ALLOWED[this.tier][useCase](active) * this.factor);
  }

  /** The headers of every response; a throttled one may contain the time to wait. */
  headers(useCase: UseCase, throttledMs?: number): Record<string, string> {
    const calls = this.#calls[useCase];
    const percent = throttledMs ? 100 : Math.floor((100 * calls.length) / this.#allowed(useCase));
    const freeMs = HOUR_MS - (this.stage.now() - (calls[0] ?? this.stage.now()));
    const waitMs = throttledMs ?? (percent < 100 ? 0 : freeMs);
    const tier = TIER_WORD[this.tier];
    const used = {
      call_count: percent,
      total_cputime: Math.floor(percent / 2),
      total_time: Math.floor(percent / 2),
    };
    const wait = { estimated_time_to_regain_access: Math.ceil(waitMs / 60_000) };
    const business = { [this.accountId]: [{ type: useCase, ...used, ...wait, ads_api_access_tier: tier }] };
    const account = {
      acc_id_util_pct: percent,
      reset_time_duration: Math.ceil(waitMs / 1000),
      ads_api_access_tier: tier,
    };
    const insights = { app_id_util_pct: percent, acc_id_util_pct: percent, ads_api_access_tier: tier };
    return {
      "x-app-usage": JSON.stringify(used),
      "x-ad-account-usage": JSON.stringify(account),
      "x-business-use-case-usage": JSON.stringify(business),
      ...(useCase === "ads_insights" && { "x-fb-ads-insights-throttle": JSON.stringify(insights) }),
    };
  }
}
