/**
 * Calendar days as text (`2026-11-20`), without a time zone, for date pickers.
 * @module
 */
import { moment } from "./format";

/** Length of a day without a daylight saving change. */
export const DAY_MS = 86_400_000;

/** A day as `YYYY-MM-DD`. */
export type Day = string;

function utc(day: Day): number {
  return Date.parse(`${day}T00:00:00Z`);
}
function text(time: number): Day {
  return new Date(time).toISOString().slice(0, 10);
}

/** The day `count` days later. */
export function addDays(day: Day, count: number): Day {
  return text(utc(day) + count * DAY_MS);
}

/** The same day of another month, or the last day of that month. */
export function addMonths(day: Day, count: number): Day {
  const [year, month, date] = day.split("-").map(Number) as [number, number, number];
  const last = new Date(Date.UTC(year, month + count, 0)).getUTCDate();
  return text(Date.UTC(year, month - 1 + count, Math.min(date, last)));
}

/** First day of the month. */
export function monthStart(day: Day): Day {
  return `${day.slice(0, 8)}01`;
}

/** The six weeks a calendar shows for a month; `firstWeekday` 1 is Monday, 7 Sunday. */
export function monthGrid(day: Day, firstWeekday: number): Day[] {
  const first = utc(monthStart(day));
  const weekday = new Date(first).getUTCDay() || 7;
  const lead = (weekday - firstWeekday + 7) % 7;
  return Array.from({ length: 42 }, (_, index) => text(first + (index - lead) * DAY_MS));
}

/** Today's day in a zone. */
export function dayIn(time: number, timeZone: string): Day {
  return moment(time, "en-CA", timeZone, { dateStyle: "short" });
}

/** Formats a day; `options` as for Intl. */
export function dayText(day: Day, locale: string, options: Intl.DateTimeFormatOptions): string {
  return moment(utc(day), locale, "UTC", options);
}

/** First weekday of a locale: 1 Monday to 7 Sunday. */
export function firstWeekday(locale: string): number {
  const known = new Intl.Locale(locale) as Intl.Locale & {
    getWeekInfo?: () => { firstDay: number };
    weekInfo?: { firstDay: number };
  };
  return known.getWeekInfo?.().firstDay ?? known.weekInfo?.firstDay ?? 1;
}
