/**
 * Queries the vendor again to verify stored data: totals of days at a coarser grain, one settled day row by row, short lists.
 * @module
 */
import type { VendorAccount } from "../../../schema/wire/source";
import { addDays, type StoredSource, type StreamSpec, settledAt, type VendorClient } from "../connections";
import { recordsOf, rowCounts } from "../records";
import type { DailyFact, ListFact, VendorTotals } from "./facts";

/** Number of settled days that are compared in addition to those still revised. */
const SETTLED_DAYS = 7;
/** Today and yesterday are incomplete. */
const COUNTING_DAYS = 2;

/** A stream of an account that is queried again. */
export type DailyUnit = Pick<DailyFact, "rowsByDay" | "today" | "restateDays" | "readAt" | "isAds"> & {
  stream: StreamSpec;
  account: VendorAccount;
};

/** Returns the days whose totals are compared: those still revised, and a week before. Null before there are any. */
export function comparedDays({
  rowsByDay,
  today,
  restateDays,
}: DailyUnit): { from: string; to: string } | null {
  const [first] = rowsByDay.keys();
  if (first === undefined) return null;
  const from = addDays(today, -(restateDays + COUNTING_DAYS + SETTLED_DAYS));
  const to = addDays(today, -COUNTING_DAYS);
  const start = from > first ? from : first;
  return start <= to ? { from: start, to } : null;
}

/** Returns the totals of a range of days; null where the vendor has none of the stream. @throws SourceError */
export async function fetchTotals(
  { driver, context }: VendorClient,
  { stream, account, isAds }: DailyUnit,
  range: { from: string; to: string },
): Promise<VendorTotals | null> {
  const at = context.now();
  const found = (await driver.totals?.(stream, account, range, context)) ?? [];
  if (found.length === 0 && !(isAds && driver.totals)) return null;
  return { at, ...range, totals: new Map(found.map(({ day, totals }) => [day, totals])) };
}

/** Returns the number of rows of a settled day, a different one each day; null before a day has settled. @throws SourceError */
export async function fetchSample(
  { driver, context }: VendorClient,
  { stream, account, today, restateDays, readAt, rowsByDay }: DailyUnit,
): Promise<DailyFact["sample"]> {
  const back = restateDays + COUNTING_DAYS + (Math.floor(context.now() / 86_400_000) % SETTLED_DAYS);
  const day = addDays(today, -back);
  const [first] = rowsByDay.keys();
  const read = readAt(day);
  if (first === undefined || day < first || read === null || read < settledAt(day, restateDays)) return null;
  let rows = 0;
  const request = { stream, account, state: null, slice: { from: day, to: day } };
  for await (const message of driver.read(request, context)) if (message.type === "record") rows++;
  return { day, rows };
}

/** Counting longer lists would take too many calls. */
const SHORT = 1_000;

/** Counts the short lists. @throws SourceError */
export async function countLists(
  db: D1Database,
  source: StoredSource,
  { driver, context }: VendorClient,
): Promise<ListFact[]> {
  const held = await rowCounts(db, source.project_id, source.id);
  const short = driver.streams.filter(
    ({ name, mode }) => mode === "snapshot" && held.has(name) && (held.get(name) ?? 0) <= SHORT,
  );
  const lists: ListFact[] = [];
  for (const stream of short) {
    const stored = await countByAccount(db, {
      project: source.project_id,
      source: source.id,
      stream: stream.name,
    });
    for (const account of source.accounts.filter(({ selected }) => selected)) {
      let reported = 0;
      for await (const { type } of driver.read({ stream, account, state: null }, context))
        if (type === "record") reported++;
      lists.push({ stream: stream.name, account: account.id, reported, stored: stored.get(account.id) ?? 0 });
    }
  }
  return lists;
}

/** Returns the number of records of a stream by account. */
async function countByAccount(
  db: D1Database,
  name: Parameters<typeof recordsOf>[1],
): Promise<Map<string, number>> {
  const counts = new Map<string, number>();
  for await (const page of recordsOf(db, name))
    for (const { account, removed_at } of page)
      if (removed_at === null) counts.set(account, (counts.get(account) ?? 0) + 1);
  return counts;
}
