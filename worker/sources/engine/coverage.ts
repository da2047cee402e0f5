/**
 * Coverage of a daily stream: which days were read and when, which are due, and up to when the data is complete. Pure
 * functions.
 *
 * Vendors revise a day until it is settled. A day is due when it was never read, or when its last read was neither in this
 * run nor after it settled. So each day is read once more after its window, even if a source was paused for a long time.
 * @module
 */
import { z } from "zod";
import { DAY_MS, HOUR_MS } from "../../lib/time";
import type { Slice } from "../vendor/driver";

/** Consecutive days, both ends inclusive. */
export interface Covered extends Slice {
  /** When they were read, epoch ms. For a range of settled days, the latest of their reads. */
  read_at: number;
}

/** State of a `daily` stream. */
export const dailyStateSchema = z.object({
  /** The oldest day ever requested. It stays requested, so that a pause leaves no gap. */
  since: z.string().optional(),
  /** Oldest first, without overlaps. */
  covered: z.array(z.object({ from: z.string(), to: z.string(), read_at: z.number() })),
  /** Number of days in the next slice. */
  slice_days: z.number().int().positive(),
});
export type DailyState = z.infer<typeof dailyStateSchema>;

/** The requested days of a stream. */
export interface Days {
  /** Oldest and newest day; the newest is today in the account's zone. */
  since: string;
  today: string;
  /** Number of days after its end during which a day is revised. */
  restateDays: number;
  /** When the run began: earlier reads do not count for days that may be revised. */
  startedAt: number;
}

/** Days since 1970. */
const numberOf = (day: string): number => Date.parse(day) / DAY_MS;
const dayOf = (number: number): string => new Date(number * DAY_MS).toISOString().slice(0, 10);

/** The day `count` days later (negative: earlier), `YYYY-MM-DD`. */
export const addDays = (day: string, days: number): string => dayOf(numberOf(day) + days);

/** Number of days of a slice. */
export const daysIn = ({ from, to }: Slice): number => numberOf(to) - numberOf(from) + 1;

/** When a day has settled in every time zone: a day can begin up to twelve hours after UTC's. */
export const settledAt = (day: string, restateDays: number): number => settled(numberOf(day), restateDays);

const settled = (day: number, restateDays: number) => (day + restateDays + 1) * DAY_MS + 12 * HOUR_MS;

/** Ranges of days that are due, newest first. */
export function dueDays(
  covered: readonly Covered[],
  { since, today, restateDays, startedAt }: Days,
): Slice[] {
  const known = covered.map((own) => ({
    from: numberOf(own.from),
    to: numberOf(own.to),
    read_at: own.read_at,
  }));
  const stretches: [number, number][] = [];
  let at = known.length - 1;
  for (let day = numberOf(today); day >= numberOf(since); day--) {
    while (at >= 0 && (known[at]?.from ?? 0) > day) at--;
    const own = known[at];
    const isRead = own !== undefined && own.to >= day;
    if (isRead && own.read_at >= Math.min(startedAt, settled(day, restateDays))) continue;
    const last = stretches.at(-1);
    if (last?.[0] === day + 1) last[0] = day;
    else stretches.push([day, day]);
  }
  return stretches.map(([from, to]) => ({ from: dayOf(from), to: dayOf(to) }));
}

/** The newest days of a range, up to the size of a slice. */
export function newestSlice({ from, to }: Slice, sliceDays: number): Slice {
  const start = addDays(to, 1 - sliceDays);
  return { from: start > from ? start : from, to };
}

/** The coverage after a slice was read. */
export function cover(covered: readonly Covered[], read: Covered, restateDays: number): Covered[] {
  const rest = covered.flatMap((own): Covered[] => [
    ...(own.from < read.from ? [{ ...own, to: least(own.to, addDays(read.from, -1)) }] : []),
    ...(own.to > read.to ? [{ ...own, from: most(own.from, addDays(read.to, 1)) }] : []),
  ]);
  const merged: Covered[] = [];
  for (const next of [...rest, read].sort((a, b) => (a.from < b.from ? -1 : 1))) {
    const last = merged.at(-1);
    const isAlike =
      last &&
      (last.read_at === next.read_at || (isSettled(last, restateDays) && isSettled(next, restateDays)));
    if (isAlike && addDays(last.to, 1) === next.from)
      merged[merged.length - 1] = {
        from: last.from,
        to: next.to,
        read_at: Math.max(last.read_at, next.read_at),
      };
    else merged.push(next);
  }
  return merged;
}

/**
 * Up to when all data since the day `since` has been read, epoch ms; null while days are missing. Settled days do not change;
 * the newest covered day was today when it was read, so later days had not begun.
 */
export function claimOf(covered: readonly Covered[], since: string, restateDays: number): number | null {
  const own = covered.filter(({ to }) => to >= since);
  const [first] = own;
  if (!first || first.from > since) return null;
  const isWhole = own.every(({ to }, i) => i === own.length - 1 || addDays(to, 1) === own[i + 1]?.from);
  if (!isWhole) return null;
  const open = own.filter((each) => !isSettled(each, restateDays)).map(({ read_at }) => read_at);
  return open.length > 0 ? Math.min(...open) : null;
}

const isSettled = ({ to, read_at }: Covered, restateDays: number) => read_at >= settledAt(to, restateDays);
const least = (a: string, b: string) => (a < b ? a : b);
const most = (a: string, b: string) => (a > b ? a : b);
