/**
 * The company's advertising: accounts, campaigns, ads, and the results of each ad on each day as known at a time.
 * @module
 */
import { between, chance, DAY_MS, dayNumber, dayOf, pick, shareOut, weekdayWeight } from "./random.ts";

/** The ad platforms of the company. */
export const PLATFORMS = ["google_ads", "meta_ads", "linkedin_ads"] as const;
/** One ad platform. */
export type Platform = (typeof PLATFORMS)[number];

/** The current status of an object. */
export type AdStatus = "active" | "paused" | "removed";

/** UTM values of the ads' landing pages; web events have them too. */
export interface Utm {
  source: string;
  medium: string;
  campaign: string;
}

/** One ad. Ids are digits, unique over all platforms. */
export interface Ad {
  id: string;
  name: string;
  headline: string;
  /** Landing page with its UTM parameters. */
  url: string;
}

/** A search term that is bid on. */
export interface Keyword {
  id: string;
  text: string;
  match: "exact" | "phrase" | "broad";
}

/** A group of ads (an ad set at Meta; LinkedIn has none, its drivers read campaigns and creatives). */
export interface AdGroup {
  id: string;
  name: string;
  ads: Ad[];
  /** Google Ads only; empty elsewhere. */
  keywords: Keyword[];
}

/** A campaign. */
export interface Campaign {
  id: string;
  name: string;
  utm: Utm;
  dailyBudgetMinor: number;
  createdAt: number;
  /** When it ends, if planned, and how. */
  endsAt?: number;
  endsAs: AdStatus;
  groups: AdGroup[];
}

/** An account at a platform. */
export interface AdAccount {
  platform: Platform;
  id: string;
  name: string;
  /** ISO 4217. */
  currency: string;
  /** IANA zone of its days. */
  timeZone: string;
  campaigns: Campaign[];
}

/** An ad with all its parents. */
export interface AdPath {
  account: AdAccount;
  campaign: Campaign;
  group: AdGroup;
  ad: Ad;
}

/** Results of a day. Money in the account's minor units (JPY has no decimals). */
export interface Performance {
  impressions: number;
  clicks: number;
  spendMinor: number;
  /** As reported by the platform. */
  conversions: number;
  valueMinor: number;
}

/** A later correction of past days by the platform. */
export interface Restatement {
  platform: Platform;
  /** First and last day, inclusive. */
  from: string;
  to: string;
  factor: number;
}

const ACCOUNTS: Omit<AdAccount, "campaigns">[] = [
  {
    platform: "google_ads",
    id: "4155550101",
    name: "Hem & Yard US",
    currency: "USD",
    timeZone: "America/New_York",
  },
  {
    platform: "google_ads",
    id: "4155550102",
    name: "Hem & Yard Japan",
    currency: "JPY",
    timeZone: "Asia/Tokyo",
  },
  {
    platform: "meta_ads",
    id: "880012340001",
    name: "Hem & Yard EU",
    currency: "EUR",
    timeZone: "Europe/Berlin",
  },
  {
    platform: "linkedin_ads",
    id: "507000001",
    name: "Hem & Yard Ateliers",
    currency: "USD",
    timeZone: "UTC",
  },
];
const UTM: Record<Platform, Omit<Utm, "campaign">> = {
  google_ads: { source: "google", medium: "cpc" },
  meta_ads: { source: "facebook", medium: "paid_social" },
  linkedin_ads: { source: "linkedin", medium: "paid_social" },
};
const THEMES = ["Spring cloth", "First yard", "Winter mending", "Swatch box", "Makers", "Remnants"] as const;
const AUDIENCES = ["Sewists", "Designers", "Ateliers"] as const;
const TERMS = ["selvedge denim", "indigo fabric", "sashiko", "linen by the yard", "wool remnants"] as const;
const MATCHES = ["exact", "phrase", "broad"] as const;

/** `Spring cloth` as in URLs: `spring-cloth`. */
const slug = (text: string) => text.toLowerCase().replace(/[^a-z0-9]+/g, "-");

function makeGroup(seed: number, account: AdAccount, campaign: Campaign, index: number): AdGroup {
  const id = `${campaign.id}${index + 1}`;
  const name = AUDIENCES[index % AUDIENCES.length] ?? "Sewists";
  const { source, medium, campaign: tag } = campaign.utm;
  const ads = [0, 1].map((n): Ad => {
    const content = `${slug(name)}-${n === 0 ? "a" : "b"}`;
    const query = new URLSearchParams({
      utm_source: source,
      utm_medium: medium,
      utm_campaign: tag,
      utm_content: content,
    });
    return {
      id: `${id}${n + 1}`,
      name: `${campaign.name} / ${name} / ${n === 0 ? "A" : "B"}`,
      headline: pick(["Cloth with an edge", "Mended, not ended", "Your first yard is on us"], seed, id, n),
      url: `https://hem-and-yard.example/?${query}`,
    };
  });
  const keywords = [0, 1, 2].map((n): Keyword => {
    const text = TERMS[(index * 3 + n) % TERMS.length] ?? "cloth";
    return { id: `${id}9${n}`, text, match: MATCHES[n] ?? "broad" };
  });
  return { id, name, ads, keywords: account.platform === "google_ads" ? keywords : [] };
}

function makeCampaign(seed: number, account: AdAccount, index: number, openedAt: number): Campaign {
  const theme = THEMES[index % THEMES.length] ?? "Spring cloth";
  const round = Math.floor(index / THEMES.length);
  const own = round === 0 ? theme : `${theme} ${round + 1}`;
  // A platform's second account has its own tags, so that source and campaign identify one campaign.
  const tag = account.currency === "JPY" ? `${slug(own)}-jp` : slug(own);
  const place = ACCOUNTS.findIndex(({ id }) => id === account.id) + 21;
  const id = `${place}${100_000 + index}`;
  const yen = account.currency === "JPY" ? 1.5 : 1; // a yen is worth a little less than a cent
  const delay = index % 4 === 3 ? Math.floor(between(20, 120, seed, id, "start")) : 0;
  // Every fifth is paused and every sixth removed, so that inactive objects with history exist.
  const ends = index % 6 === 5 ? "removed" : index % 5 === 4 ? "paused" : undefined;
  const createdAt = openedAt + delay * DAY_MS;
  return {
    id,
    name: `${account.name} | ${own}`,
    utm: { ...UTM[account.platform], campaign: tag },
    dailyBudgetMinor: Math.round(between(20, 200, seed, id, "budget") * yen) * 100,
    createdAt,
    endsAt: ends && createdAt + Math.floor(between(150, 260, seed, id, "end")) * DAY_MS,
    endsAs: ends ?? "active",
    groups: [],
  };
}

/** The company's ad accounts with `campaigns` campaigns each. */
export function makeAdAccounts(seed: number, campaigns: number, openedAt: number): AdAccount[] {
  return ACCOUNTS.map((plain) => {
    const account: AdAccount = { ...plain, campaigns: [] };
    account.campaigns = Array.from({ length: campaigns }, (_, i) => makeCampaign(seed, account, i, openedAt));
    for (const campaign of account.campaigns) {
      campaign.groups = [0, 1].map((n) => makeGroup(seed, account, campaign, n));
    }
    return account;
  });
}

/** The reported share of a day at an age: spend is final after three days, conversions after 28. */
function settled(ageDays: number, kind: "spend" | "conversions"): number {
  if (ageDays < 1) return Math.max(0, ageDays) * (kind === "spend" ? 0.97 : 0.7);
  if (kind === "spend") return ageDays >= 3 ? 1 : 0.97;
  return ageDays >= 28 ? 1 : 0.7 + 0.3 * (1 - Math.exp(-Math.floor(ageDays) / 5));
}

/** The final results of an ad, before delays; undefined when it did not run that day. */
function finalPerformance(
  seed: number,
  { account, campaign, ad }: AdPath,
  day: number,
): Performance | undefined {
  if (day * DAY_MS < campaign.createdAt || day * DAY_MS >= (campaign.endsAt ?? Infinity)) return undefined;
  const share = between(0.6, 1.4, seed, ad.id, "share") / 4;
  const luck = between(0.75, 1.1, seed, ad.id, day);
  const spendMinor = Math.floor(campaign.dailyBudgetMinor * share * luck * weekdayWeight(day) * 0.8);
  const cpcMinor = between(60, 300, seed, ad.id, "cpc") * (account.currency === "JPY" ? 1.5 : 1);
  const clicks = Math.floor(spendMinor / cpcMinor);
  const ctr = between(0.008, 0.05, seed, ad.id, "ctr") * between(0.9, 1.1, seed, ad.id, day, "ctr");
  const impressions = Math.max(
    clicks,
    Math.floor(clicks / ctr) + Math.floor(chance(seed, ad.id, day, "i") * 40),
  );
  const conversions = Math.floor(
    clicks * between(0.02, 0.12, seed, ad.id, "cvr") + chance(seed, ad.id, day, "c"),
  );
  const worth = between(4_000, 12_000, seed, ad.id, "worth") * (account.currency === "JPY" ? 1.5 : 1);
  return { impressions, clicks, spendMinor, conversions, valueMinor: conversions * Math.floor(worth) };
}

/**
 * Performance of an ad on a day as the platform reports it `ageDays` after the day began in the account's zone.
 * Undefined when the ad did not run or the day has not begun.
 */
export function adPerformance(
  seed: number,
  path: AdPath,
  day: string,
  ageDays: number,
  restatements: Restatement[],
): Performance | undefined {
  const final = ageDays > 0 ? finalPerformance(seed, path, dayNumber(day)) : undefined;
  if (final === undefined) return undefined;
  const factor = restatements
    .filter(({ platform, from, to }) => platform === path.account.platform && from <= day && day <= to)
    .reduce((product, restatement) => product * restatement.factor, 1);
  const spend = settled(ageDays, "spend") * factor;
  const late = settled(ageDays, "conversions") * factor;
  // Rounded at random: always rounding down would leave an ad with one or two conversions a day without any for weeks.
  const conversions = Math.floor(final.conversions * late + chance(seed, path.ad.id, day, "late"));
  const each = final.conversions === 0 ? 0 : final.valueMinor / final.conversions;
  return {
    impressions: Math.floor(final.impressions * spend),
    clicks: Math.floor(final.clicks * spend),
    spendMinor: Math.floor(final.spendMinor * spend),
    conversions,
    valueMinor: conversions * each,
  };
}

/** An ad group's day distributed over its keywords: the sums are the group's, so both reports agree. */
export function keywordPerformance(
  seed: number,
  group: AdGroup,
  total: Performance,
): Map<string, Performance> {
  const weights = group.keywords.map((keyword) => between(0.5, 3, seed, keyword.id, "weight"));
  const each = total.conversions === 0 ? 0 : total.valueMinor / total.conversions;
  const parts = {
    impressions: shareOut(total.impressions, weights),
    clicks: shareOut(total.clicks, weights),
    spendMinor: shareOut(total.spendMinor, weights),
    conversions: shareOut(total.conversions, weights),
  };
  const rows = group.keywords.map((keyword, i): [string, Performance] => {
    const conversions = parts.conversions[i] ?? 0;
    const performance = {
      impressions: parts.impressions[i] ?? 0,
      clicks: parts.clicks[i] ?? 0,
      spendMinor: parts.spendMinor[i] ?? 0,
      conversions,
      valueMinor: Math.round(conversions * each),
    };
    return [keyword.id, performance];
  });
  return new Map(rows);
}

/** Days from one to another, both inclusive. */
export function daysBetween(from: string, to: string): string[] {
  const first = dayNumber(from);
  return Array.from({ length: Math.max(0, dayNumber(to) - first + 1) }, (_, i) => dayOf(first + i));
}
