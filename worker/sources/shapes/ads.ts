/**
 * The common shape of ad platforms.
 * @module
 */
import type { z } from "zod";
import { type Staged, staged } from "./staged";

/** Strongest first: an object counts as the strongest of its own and its parents' statuses. */
export const AD_STATUSES = ["removed", "archived", "paused", "active"] as const;
export type AdStatus = (typeof AD_STATUSES)[number];
export const AD_LEVELS = ["account", "campaign", "ad_group", "ad", "keyword"] as const;
export type AdLevel = (typeof AD_LEVELS)[number];

/** An account, campaign, ad group, ad or keyword as it stands. */
export interface AdObject {
  level: AdLevel;
  account_id: string;
  id: string;
  /** Id of the object that it belongs to; null of accounts. */
  parent_id: string | null;
  name: string | null;
  /** Its own, whatever its parents are. */
  status: AdStatus;
  /** ISO 4217, of accounts. */
  currency?: string;
  /** What an ad says first. */
  creative?: string | null;
  /** Where it leads or what is put on its links, with `utm_*` parameters. */
  link?: string | null;
  /** Of keywords: `exact`, `phrase`, `broad`. */
  match_type?: string;
}

/** What an ad or keyword did on a day of its account. Money in minor units of the account's currency. */
export interface AdDay {
  day: string;
  account_id: string;
  /** Null where the platform names the ad alone. */
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

/** Says an account's currency. */
export type CurrencyOf = (account: string) => string;

/** How a platform's streams are staged. */
export interface AdPlatform {
  /** What its ads put on their links where they say nothing. */
  utmSource: string;
  objects: readonly Staged<AdObject, void>[];
  ads: Staged<AdDay, CurrencyOf>;
  /** Only of platforms that report keywords. */
  keywords?: Staged<AdDay, CurrencyOf>;
  /** Whether an ad cannot have more clicks than impressions. Meta counts several clicks per impression. */
  hasClicksWithinImpressions: boolean;
}
