/**
 * Reads days of creatives completely or not at all. LinkedIn reports neither truncation nor a total, so the sums of creatives
 * are compared with the account's, which are requested first.
 */
import { DAY_MS } from "../../../lib/time";
import {
  type DayTotals,
  type DriverContext,
  type Slice,
  SourceError,
  type SourceRecord,
} from "../../vendor/driver";
import { readConsistent } from "../read-consistent";
import { ALL_FIELDS, ask, type Cut, type Metrics, type Question, SUM_FIELDS } from "./analytics";
import { campaignsOf, readList } from "./lists";

const ATTEMPTS = 3;
/** "Restrictions": maximum number of entities in a query. */
const ENTITIES_MAX = 50;
/** A persistent difference up to this share is the vendor's own. */
const OWN_SHARE = 0.01;

type Sums = Map<string, Record<string, number>>;
type Level = Omit<Question, "campaigns">;

/**
 * Records of a slice. @throws SourceError `too_much` when several days are more than LinkedIn returns at once, `unavailable`
 * when creatives and account differ.
 */
export async function readDays(
  account: string,
  slice: Slice,
  context: DriverContext,
  max: number,
): Promise<SourceRecord[]> {
  let before: string | undefined;
  const failure = "adAnalytics: the creatives do not add up to the account's totals";
  return readConsistent({ attempts: ATTEMPTS, failure }, async () => {
    const whole = await askWhole({ pivot: "ACCOUNT", slice, fields: SUM_FIELDS, account }, context, max);
    const parts = await askWhole({ pivot: "CREATIVE", slice, fields: ALL_FIELDS, account }, context, max);
    if (whole === "cut" || parts === "cut")
      throw new SourceError("too_much", "adAnalytics: more elements than LinkedIn returns at once");
    const [said, own] = [addUp(whole), addUp(parts)];
    const today = new Date(context.now()).toISOString().slice(0, 10);
    const off = difference(said, own, today);
    const now = JSON.stringify([[...said], [...own]]);
    const isRepeated = now === before;
    before = now;
    if (off > OWN_SHARE || (off > 0 && !isRepeated)) return null;
    return parts.map((each) => recordOf(account, each));
  });
}

/** Daily totals, as sums of campaigns. */
export async function campaignTotals(
  account: string,
  slice: Slice,
  context: DriverContext,
  max: number,
): Promise<DayTotals[]> {
  const found = await askWhole({ pivot: "CAMPAIGN", slice, fields: SUM_FIELDS, account }, context, max);
  if (found !== "cut") return [...addUp(found)].map(([day, totals]) => ({ day, totals }));
  const middle = new Date((Date.parse(slice.from) + Date.parse(slice.to)) / 2).toISOString().slice(0, 10);
  const after = new Date(Date.parse(middle) + DAY_MS).toISOString().slice(0, 10);
  const first = await campaignTotals(account, { from: slice.from, to: middle }, context, max);
  return [...first, ...(await campaignTotals(account, { from: after, to: slice.to }, context, max))];
}

/** All elements; those of a single day by campaign when they are too many at once. */
async function askWhole(level: Level, context: DriverContext, max: number): Promise<Metrics[] | Cut> {
  const found = await ask(level, context, max);
  if (found !== "cut") return [...found.values()];
  if (level.slice.from !== level.slice.to) return "cut";
  const campaigns = await readList(campaignsOf(level.account), context, level.account);
  const ids = campaigns.map(({ id }) => String(id));
  const all: Metrics[] = [];
  for (let at = 0; at < ids.length; at += ENTITIES_MAX)
    all.push(...(await askSome(level, ids.slice(at, at + ENTITIES_MAX), context, max)));
  return all;
}

async function askSome(level: Level, ids: string[], context: DriverContext, max: number): Promise<Metrics[]> {
  const found = await ask({ ...level, campaigns: ids }, context, max);
  if (found !== "cut") return [...found.values()];
  if (ids.length < 2) throw new SourceError("too_much", "adAnalytics: a campaign has too many creatives");
  const half = Math.ceil(ids.length / 2);
  const first = await askSome(level, ids.slice(0, half), context, max);
  return [...first, ...(await askSome(level, ids.slice(half), context, max))];
}

const snake = (name: string) => name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

function addUp(elements: readonly Metrics[]): Sums {
  const sums: Sums = new Map();
  for (const { day, impressions, values } of elements) {
    const own = sums.get(day) ?? {};
    own.impressions = (own.impressions ?? 0) + impressions;
    for (const name of SUM_FIELDS) own[snake(name)] = (own[snake(name)] ?? 0) + Number(values[name] ?? 0);
    sums.set(day, own);
  }
  return sums;
}

/** The largest relative difference of a day; days that are not over may have grown in between. */
function difference(said: Sums, own: Sums, today: string): number {
  let worst = 0;
  for (const day of new Set([...said.keys(), ...own.keys()]))
    for (const name of ["impressions", ...SUM_FIELDS.map(snake)]) {
      const [a, b] = [said.get(day)?.[name] ?? 0, own.get(day)?.[name] ?? 0];
      const isGrown = day >= today && b > a;
      // Tolerance for floating-point errors.
      if (!isGrown && Math.abs(a - b) > 0.005) worst = Math.max(worst, Math.abs(a - b) / Math.max(a, b));
    }
  return worst;
}

function recordOf(account_id: string, { day, entity, impressions, values }: Metrics): SourceRecord {
  const metrics = ALL_FIELDS.map((name) => {
    const none = name.endsWith("InLocalCurrency") ? "0" : 0;
    return [snake(name), values[name] ?? none];
  });
  return { day, account_id, creative_id: entity, impressions, ...Object.fromEntries(metrics) };
}
