/**
 * Ad accounts, campaigns and creatives as returned by LinkedIn, in pages by token.
 * After the vendor's pages "Create and Manage Accounts", "Create and Manage Campaigns", "Create and Manage Creatives"
 * and "Pagination" (cursor based: `pageSize`, `pageToken`, `metadata.nextPageToken`).
 * @module
 */

import { effectiveStatus, type ObjectStatus, statusOf } from "../ads.ts";
import type { AdAccount, AdPath, Campaign } from "../company/ads.ts";
import { currencyDecimals } from "../company/index.ts";
import type { Stage } from "../server/index.ts";
import type { VendorAnswer } from "../server/routes.ts";
import { badParameter } from "./errors.ts";
import { at, parseRestli, texts } from "./restli.ts";

const STATUS: Record<ObjectStatus, string> = {
  active: "ACTIVE",
  paused: "PAUSED",
  removed: "REMOVED",
  archived: "ARCHIVED",
};

/** Times of objects are epoch milliseconds here, while reports have dates as records. */
function stamps({ account: { removed, archived }, now }: Stage, campaign: Campaign, id: string) {
  const changes = [campaign.endsAt ?? 0, removed.get(id) ?? 0, archived.get(id) ?? 0];
  const lastModified = Math.max(campaign.createdAt, ...changes.filter((time) => time <= now()));
  return { created: { time: campaign.createdAt }, lastModified: { time: lastModified } };
}

/** An ad account; ids of accounts and campaigns are numbers in JSON. */
export function accountElement(account: AdAccount): object {
  return {
    id: Number(account.id),
    name: account.name,
    currency: account.currency,
    type: "BUSINESS",
    status: "ACTIVE",
    servingStatuses: ["RUNNABLE"],
    test: false,
    version: { versionTag: "1" },
  };
}

/** A campaign; amounts are decimal texts with their currency. */
export function campaignElement(stage: Stage, account: AdAccount, campaign: Campaign): object {
  const decimals = currencyDecimals(account.currency);
  const amount = (campaign.dailyBudgetMinor / 10 ** decimals).toFixed(decimals);
  return {
    id: Number(campaign.id),
    account: `urn:li:sponsoredAccount:${account.id}`,
    campaignGroup: `urn:li:sponsoredCampaignGroup:${account.id}1`,
    name: campaign.name,
    status: STATUS[statusOf(stage, campaign)],
    type: "SPONSORED_UPDATES",
    objectiveType: "WEBSITE_CONVERSION",
    costType: "CPM",
    dailyBudget: { amount, currencyCode: account.currency },
    changeAuditStamps: stamps(stage, campaign, campaign.id),
    version: { versionTag: "1" },
  };
}

/** A creative; its id is a URN. */
export function creativeElement(stage: Stage, { account, campaign, ad }: AdPath): object {
  const { created, lastModified } = stamps(stage, campaign, ad.id);
  return {
    id: `urn:li:sponsoredCreative:${ad.id}`,
    account: `urn:li:sponsoredAccount:${account.id}`,
    campaign: `urn:li:sponsoredCampaign:${campaign.id}`,
    name: ad.name,
    intendedStatus: STATUS[statusOf(stage, ad)],
    isServing: effectiveStatus(stage, campaign, ad) === "active",
    content: { textAd: { headline: ad.headline, landingPage: ad.url } },
    createdAt: created.time,
    lastModifiedAt: lastModified.time,
  };
}

/** The statuses of `search=(status:(values:List(ACTIVE,…)))`; undefined without. */
export function searchedStatuses(parameters: Map<string, string>): string[] | undefined {
  const found = texts(at(at(parseRestli(parameters.get("search") ?? ""), "status"), "values"));
  return found.length > 0 ? found : undefined;
}

/** One page. `isRepeated` returns the elements of the previous page. */
export function page(
  elements: object[],
  parameters: Map<string, string>,
  { sizeMax, isRepeated }: { sizeMax: number; isRepeated: () => boolean },
): VendorAnswer {
  const size = Number(parameters.get("pageSize") ?? Math.min(100, sizeMax));
  if (!(size >= 1 && size <= sizeMax)) return badParameter(`pageSize must be between 1 and ${sizeMax}`);
  const token = parameters.get("pageToken");
  const start = token === undefined ? 0 : Number(/^at(\d+)$/.exec(token)?.[1] ?? Number.NaN);
  if (Number.isNaN(start)) return badParameter("Invalid pageToken");
  const from = start > 0 && isRepeated() ? Math.max(0, start - size) : start;
  const end = start + size;
  const metadata = end < elements.length ? { nextPageToken: `at${end}` } : {};
  return { body: { elements: elements.slice(from, from + size), metadata } };
}
