/**
 * Shared by the stand-ins of the three ad platforms: current objects, the current numbers of each day, and the truth
 * that synced tables must equal. Vendor-neutral; names, units and statuses are translated by each stand-in.
 * @module
 */

import {
  type AdAccount,
  type AdGroup,
  type AdPath,
  type AdStatus,
  type Campaign,
  daysBetween,
  type Performance,
  type Platform,
} from "./company/ads.ts";
import { today } from "./company/index.ts";
import { DAY_MS, dayNumber, dayOf } from "./company/random.ts";
import type { Misbehavior } from "./server/faults.ts";
import type { Stage } from "./server/index.ts";

/** The current status of an object; platforms without archives never return the last. */
export type ObjectStatus = AdStatus | "archived";

/** One ad on one day. */
export interface AdDay {
  path: AdPath;
  day: string;
  performance: Performance;
}

/** The current state of an object. */
export interface ObjectTruth {
  id: string;
  accountId: string;
  /** The parent object: a campaign's is its account. */
  parentId: string;
  name: string;
  status: ObjectStatus;
}

/** The current state of a campaign. */
export interface CampaignTruth extends ObjectTruth {
  dailyBudgetMinor: number;
  currency: string;
}

/** A day of an ad, in the account's currency and minor units. */
export interface DayTruth extends Performance {
  day: string;
  accountId: string;
  currency: string;
  campaignId: string;
  groupId: string;
  adId: string;
}

/** A day of a keyword. Over all of an ad group's keywords these add up to the group's ads. */
export interface KeywordDayTruth extends Performance {
  day: string;
  accountId: string;
  campaignId: string;
  groupId: string;
  keywordId: string;
}

/** The current data of a platform. Days are read by range, because a long history of many campaigns is large. */
export interface AdTruth {
  accounts: AdAccount[];
  campaigns: CampaignTruth[];
  groups: ObjectTruth[];
  ads: ObjectTruth[];
  keywords: ObjectTruth[];
  /** Days on which an ad ran, both ends inclusive, removed ads too; days with all zeros are left out. */
  days(from: string, to: string): DayTruth[];
  /** As `days`, of keywords. */
  keywordDays(from: string, to: string): KeywordDayTruth[];
}

/** Whether all numbers of a day are zero: platforms leave out such rows. */
export const isEmpty = (p: Performance): boolean =>
  p.impressions === 0 && p.clicks === 0 && p.spendMinor === 0 && p.conversions === 0;

/** An object's own status, whatever its parents are. */
export function statusOf(stage: Stage, object: { id: string } | Campaign): ObjectStatus {
  const { removed, archived } = stage.account;
  const now = stage.now();
  if ((removed.get(object.id) ?? Infinity) <= now) return "removed";
  if ((archived.get(object.id) ?? Infinity) <= now) return "archived";
  if ("endsAt" in object && (object.endsAt ?? Infinity) <= now) return object.endsAs;
  return "active";
}

/** The status that counts for delivery: the most restrictive of the object's and its parents' ("effective status"). */
export function effectiveStatus(stage: Stage, ...chain: { id: string }[]): ObjectStatus {
  const found = chain.map((object) => statusOf(stage, object));
  const order: ObjectStatus[] = ["removed", "archived", "paused"];
  return order.find((status) => found.includes(status)) ?? "active";
}

/** The days of an account's ads from a day to another (inclusive) as currently reported, by ad and then by day. */
export function adDays(stage: Stage, account: AdAccount, from: string, to: string): AdDay[] {
  const at = stage.now();
  const opened = dayOf(stage.account.openedAt / DAY_MS);
  const now = today(at, account.timeZone);
  const days = daysBetween(from > opened ? from : opened, to < now ? to : now);
  return stage.account
    .adPaths(account.platform)
    .filter((path) => path.account.id === account.id)
    .flatMap((path) =>
      days.flatMap((day) => {
        const performance = stage.account.performance(path, day, at);
        return performance ? { path, day, performance } : [];
      }),
    );
}

const groupsOf = (account: AdAccount) =>
  account.campaigns.flatMap((campaign) => campaign.groups.map((group) => ({ campaign, group })));

function childTruth(
  stage: Stage,
  account: AdAccount,
  of: (group: AdGroup) => { id: string; name: string }[],
) {
  return groupsOf(account).flatMap(({ group }) =>
    of(group).map(({ id, name }): ObjectTruth => {
      const status = statusOf(stage, { id });
      return { id, accountId: account.id, parentId: group.id, name, status };
    }),
  );
}

/** Everything that a platform currently returns to a correct client. */
export function adTruth(stage: Stage, platform: Platform): AdTruth {
  const accounts = stage.account.adAccounts.filter((account) => account.platform === platform);
  const campaigns = accounts.flatMap((account) =>
    account.campaigns.map((campaign): CampaignTruth => {
      const { id, name, dailyBudgetMinor } = campaign;
      const status = statusOf(stage, campaign);
      const { id: accountId, currency } = account;
      return { id, accountId, parentId: accountId, name, status, dailyBudgetMinor, currency };
    }),
  );
  const groups = accounts.flatMap((account) =>
    groupsOf(account).map(({ campaign, group: { id, name } }): ObjectTruth => {
      const status = statusOf(stage, { id });
      return { id, accountId: account.id, parentId: campaign.id, name, status };
    }),
  );
  const days = (from: string, to: string) =>
    accounts.flatMap((account) =>
      adDays(stage, account, from, to)
        .filter(({ performance }) => !isEmpty(performance))
        .map(({ path, day, performance }): DayTruth => {
          const { campaign, group, ad } = path;
          const ids = { accountId: account.id, campaignId: campaign.id, groupId: group.id, adId: ad.id };
          return { day, ...ids, currency: account.currency, ...performance };
        }),
    );
  const keywordDays = (from: string, to: string) =>
    accounts.flatMap((account) => keywordTruth(stage, account, from, to));
  return {
    accounts,
    campaigns,
    groups,
    ads: accounts.flatMap((account) => childTruth(stage, account, (group) => group.ads)),
    keywords: accounts.flatMap((account) =>
      childTruth(stage, account, (group) => group.keywords.map(({ id, text }) => ({ id, name: text }))),
    ),
    days,
    keywordDays,
  };
}

function keywordTruth(stage: Stage, account: AdAccount, from: string, to: string): KeywordDayTruth[] {
  const groups = groupsOf(account).filter(({ group }) => group.keywords.length > 0);
  return groups.flatMap(({ campaign, group }) =>
    daysBetween(from, to).flatMap((day) => {
      const ids = { day, accountId: account.id, campaignId: campaign.id, groupId: group.id };
      return [...stage.account.keywordPerformance(account, group.id, day, stage.now())]
        .filter(([, performance]) => !isEmpty(performance))
        .map(([keywordId, performance]) => ({ ...ids, keywordId, ...performance }));
    }),
  );
}

/** Restates the last whole days of a platform, or removes or archives objects of the streams named. */
export function applyToAccount(
  stage: Stage,
  platform: Platform,
  fault: Misbehavior,
  streams: Record<string, (truth: AdTruth) => ObjectTruth[]>,
): void {
  if (fault.kind === "restate") {
    const last = dayNumber(today(stage.now(), "UTC")) - 1;
    const [from, to] = [dayOf(last - fault.days + 1), dayOf(last)];
    stage.account.restate({ platform, from, to, factor: 1 + fault.percent / 100 });
  }
  if (fault.kind !== "remove" && fault.kind !== "archive") return;
  const objects = streams[fault.stream]?.(adTruth(stage, platform));
  if (objects === undefined) throw new Error(`${platform}: no stream ${fault.stream} to ${fault.kind}`);
  const live = objects.filter(({ status }) => status === "active").map(({ id }) => id);
  const gone = fault.kind === "remove" ? stage.account.removed : stage.account.archived;
  for (const id of fault.ids ?? live.slice(0, fault.count ?? 1)) gone.set(id, stage.now());
}
