/**
 * Which days of a stream have been read, and when: what is due, and what may be claimed. Pure.
 *
 * Vendors restate a day until it is settled. A day is due when it was never read, or last read neither within the run nor
 * after it settled: each day is read once more after its window, however long a source was paused.
 * @module
 */
import { z } from "zod";
import { DAY_MS, HOUR_MS } from "../../lib/time";
import type { Slice } from "../vendor/driver";

/** Days read in one go, both ends inclusive. */
export interface Covered extends Slice {
  /** When that read began, epoch ms. Of days that are all settled, the latest of their reads. */
  read_at: number;
}

/** State of a `daily` stream. */
export const dailyStateSchema = z.object({
  /** The oldest day ever wanted: what was read once stays wanted, so that a pause leaves no hole. */
  since: z.string().optional(),
  /** Oldest first, without overlaps. */
  covered: z.array(z.object({ from: z.string(), to: z.string(), read_at: z.number() })),
  /** Days of the next slice. */
  slice_days: z.number().int().positive(),
});
export type DailyState = z.infer<typeof dailyStateSchema>;

/** What is wanted of a stream's days. */
export interface Days {
  /** The oldest, and the newest: today in the account's zone. */
  since: string;
  today: string;
  /** Days after its end during which a day is restated. */
  restateDays: number;
  /** When the run began: reads before it do not count for days that are restated. */
  startedAt: number;
}

/** Days since 1970. */
const numberOf = (day: string): number => Date.parse(day) / DAY_MS;
const dayOf = (number: number): string => new Date(number * DAY_MS).toISOString().slice(0, 10);

/** The day so many days later (negative: before), `YYYY-MM-DD`. */
export const addDays = (day: string, days: number): string => dayOf(numberOf(day) + days);

/** Days of a slice, both ends counted. */
export const daysIn = ({ from, to }: Slice): number => numberOf(to) - numberOf(from) + 1;

/** When a day has settled, in any zone: days begin up to twelve hours after UTC's. */
export const settledAt = (day: string, restateDays: number): number => settled(numberOf(day), restateDays);

const settled = (day: number, restateDays: number) => (day + restateDays + 1) * DAY_MS + 12 * HOUR_MS;

/** The stretches of days that are due, newest first. */
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

/** The newest days of a stretch, as many as a slice takes. */
export function newestSlice({ from, to }: Slice, sliceDays: number): Slice {
  const start = addDays(to, 1 - sliceDays);
  return { from: start > from ? start : from, to };
}

/** What is covered once a slice has been read, too. */
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
 * Until when everything the vendor had said about the days since `since` has been read, epoch ms; null while days are
 * missing. Settled days say nothing new; the newest day covered was today when it was read, so later days had not begun.
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
