/**
 * The company behind all stand-ins: one seed gives the same ads, people and payments at every vendor, and a campaign
 * has the same UTM values in all of them. History starts on a fixed day and grows with the clock; objects that a
 * misbehaving vendor removes or restates are recorded here, so that truth and responses agree.
 * @module
 */
import {
  type AdAccount,
  type AdPath,
  adPerformance,
  keywordPerformance,
  makeAdAccounts,
  type Performance,
  type Platform,
  type Restatement,
} from "./ads.ts";
import { DAY_MS, dayNumber, dayOf } from "./random.ts";

/** Options of an account. */
export interface AccountOptions {
  /** Equal seeds give equal accounts. */
  seed: number;
  /** Campaigns in each ad account. Default: 6. */
  campaigns?: number;
  /** First day of the company, `YYYY-MM-DD`. Default: 2026-01-01. */
  opened?: string;
  /** People who sign up on an ordinary day at the start. Default: 3. */
  signups?: number;
}

/** The company's advertising and the changes made to it. */
export interface Account {
  seed: number;
  /** Epoch ms of its first day, UTC. */
  openedAt: number;
  signups: number;
  adAccounts: AdAccount[];
  /** The ads of a platform with all their parents, in order of id. */
  adPaths(platform: Platform): AdPath[];
  /** Performance of an ad on a day, as reported at a time; undefined when it did not run. */
  performance(path: AdPath, day: string, at: number): Performance | undefined;
  /** An ad group's day by keyword id; empty when it did not run. Adds up to its ads. */
  keywordPerformance(account: AdAccount, groupId: string, day: string, at: number): Map<string, Performance>;
  /** Spend by currency, minor units: a platform's known total from a day to another, both inclusive. */
  spend(platform: Platform, from: string, to: string, at: number): Map<string, number>;
  /** Changes past days by a factor. */
  restate(restatement: Restatement): void;
  /** When objects were deleted, by vendor id (ms). */
  removed: Map<string, number>;
  /** When objects were archived, by vendor id (ms). */
  archived: Map<string, number>;
}

const zoneFormats = new Map<string, Intl.DateTimeFormat>();
/** The last offset of each zone: one instant is requested for every day of every ad. */
const lastOffsets = new Map<string, { at: number; offset: number }>();

function zoneOffsetMs(at: number, timeZone: string): number {
  const last = lastOffsets.get(timeZone);
  if (last?.at === at) return last.offset;
  const offset = offsetAt(at, timeZone);
  lastOffsets.set(timeZone, { at, offset });
  return offset;
}

function offsetAt(at: number, timeZone: string): number {
  let format = zoneFormats.get(timeZone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat("sv-SE", { timeZone, dateStyle: "short", timeStyle: "medium" });
    zoneFormats.set(timeZone, format);
  }
  return Date.parse(`${format.format(at).replace(" ", "T")}Z`) - Math.floor(at / 1_000) * 1_000;
}

/** The date in a zone, `YYYY-MM-DD`. */
export function today(at: number, timeZone: string): string {
  return dayOf(Math.floor((at + zoneOffsetMs(at, timeZone)) / DAY_MS));
}

/** Adds a day's numbers. */
export function addPerformance(a: Performance, b: Performance): Performance {
  return {
    impressions: a.impressions + b.impressions,
    clicks: a.clicks + b.clicks,
    spendMinor: a.spendMinor + b.spendMinor,
    conversions: a.conversions + b.conversions,
    valueMinor: a.valueMinor + b.valueMinor,
  };
}

/** All zeros. */
export const NO_PERFORMANCE: Performance = {
  impressions: 0,
  clicks: 0,
  spendMinor: 0,
  conversions: 0,
  valueMinor: 0,
};

/** Decimals of a currency's minor unit: JPY has none. */
export function currencyDecimals(currency: string): number {
  return currency.toUpperCase() === "JPY" ? 0 : 2;
}

/** The account of a seed. */
export function makeAccount(options: AccountOptions): Account {
  const { seed, campaigns = 6, opened = "2026-01-01", signups = 3 } = options;
  const openedAt = dayNumber(opened) * DAY_MS;
  const adAccounts = makeAdAccounts(seed, campaigns, openedAt);
  const restatements: Restatement[] = [];
  const removed = new Map<string, number>();
  const archived = new Map<string, number>();

  const paths = adAccounts.flatMap((account) =>
    account.campaigns.flatMap((campaign) =>
      campaign.groups.flatMap((group) => group.ads.map((ad): AdPath => ({ account, campaign, group, ad }))),
    ),
  );
  const adPaths = (platform: Platform) => paths.filter(({ account }) => account.platform === platform);

  /** When an ad stopped because it or one of its parents was deleted or archived. */
  const goneAt = ({ campaign, group, ad }: AdPath) =>
    removed.size + archived.size === 0
      ? Infinity
      : Math.min(
          ...[campaign, group, ad].flatMap(({ id }) => [
            removed.get(id) ?? Infinity,
            archived.get(id) ?? Infinity,
          ]),
        );

  const performance = (path: AdPath, day: string, at: number) => {
    const beganAt = dayNumber(day) * DAY_MS - zoneOffsetMs(at, path.account.timeZone);
    if (beganAt > goneAt(path)) return undefined;
    return adPerformance(seed, path, day, (at - beganAt) / DAY_MS, restatements);
  };

  const byGroup = Map.groupBy(paths, ({ account, group }) => `${account.id}/${group.id}`);
  const keywords: Account["keywordPerformance"] = (account, groupId, day, at) => {
    const ads = byGroup.get(`${account.id}/${groupId}`) ?? [];
    const days = ads.flatMap((path) => performance(path, day, at) ?? []);
    const group = ads[0]?.group;
    if (group === undefined || days.length === 0) return new Map();
    return keywordPerformance(seed, group, days.reduce(addPerformance, NO_PERFORMANCE));
  };

  const spend: Account["spend"] = (platform, from, to, at) => {
    const totals = new Map<string, number>();
    for (const path of adPaths(platform)) {
      const { currency } = path.account;
      for (let day = dayNumber(from); day <= dayNumber(to); day++) {
        const minor = performance(path, dayOf(day), at)?.spendMinor ?? 0;
        totals.set(currency, (totals.get(currency) ?? 0) + minor);
      }
    }
    return totals;
  };

  return {
    seed,
    openedAt,
    signups,
    adAccounts,
    adPaths,
    performance,
    keywordPerformance: keywords,
    spend,
    restate: (restatement) => void restatements.push(restatement),
    removed,
    archived,
  };
}
