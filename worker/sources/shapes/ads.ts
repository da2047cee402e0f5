/**
 * The common shape of ad platforms.
 * @module
 */
import type { z } from "zod";
import { type Staged, staged } from "./staged";

/** Strongest first: an object's effective status is the strongest of its own and its parents'. */
export const AD_STATUSES = ["removed", "archived", "paused", "active"] as const;
export type AdStatus = (typeof AD_STATUSES)[number];
export const AD_LEVELS = ["account", "campaign", "ad_group", "ad", "keyword"] as const;
export type AdLevel = (typeof AD_LEVELS)[number];

/** The current state of an account, campaign, ad group, ad or keyword. */
export interface AdObject {
  level: AdLevel;
  account_id: string;
  id: string;
  /** Id of the parent object; null for accounts. */
  parent_id: string | null;
  name: string | null;
  /** Its own status, regardless of its parents. */
  status: AdStatus;
  /** ISO 4217; only for accounts. */
  currency?: string;
  /** The headline of an ad. */
  creative?: string | null;
  /** The link of an ad or the parameters added to it, with `utm_*`. */
  link?: string | null;
  /** Only for keywords: `exact`, `phrase`, `broad`. */
  match_type?: string;
}

/** Performance of an ad or keyword on a day of its account. Money in minor units of the account's currency. */
export interface AdDay {
  day: string;
  account_id: string;
  /** Null where the platform reports only the ad. */
  campaign_id: string | null;
  ad_group_id: string | null;
  ad_id: string | null;
  keyword_id: string | null;
  impressions: number;
  clicks: number;
  spend_minor: number;
  conversions: number;
  value_minor: number;
}

/** How a platform's stream of accounts is staged. */
export const stagedAccounts = <R extends { id: string; name: string; currency: string }>(
  stream: string,
  schema: z.ZodType<R>,
): Staged<AdObject, void> =>
  staged(stream, schema, ({ id, name, currency }) => ({
    level: "account",
    account_id: id,
    id,
    parent_id: null,
    name,
    status: "active",
    currency,
  }));

/** Returns an account's currency. */
export type CurrencyOf = (account: string) => string;

/** How a platform's streams are staged. */
export interface AdPlatform {
  /** `utm_source` of ads that do not set it. */
  utmSource: string;
  objects: readonly Staged<AdObject, void>[];
  ads: Staged<AdDay, CurrencyOf>;
  /** Only for platforms that report keywords. */
  keywords?: Staged<AdDay, CurrencyOf>;
  /** Whether an ad cannot have more clicks than impressions. Meta counts several clicks per impression. */
  hasClicksWithinImpressions: boolean;
}
