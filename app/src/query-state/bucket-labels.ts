/**
 * Labels of time buckets: short on an axis, long in tooltips and tables.
 * @module
 */
import type { Granularity } from "../../../schema/wire/query";
import { moment } from "../ui/format";

const SHORT: Record<Granularity, Intl.DateTimeFormatOptions> = {
  hour: { hour: "numeric", minute: "2-digit" },
  day: { day: "numeric", month: "short" },
  week: { day: "numeric", month: "short" },
  month: { month: "short", year: "2-digit" },
};
const LONG: Record<Granularity, Intl.DateTimeFormatOptions> = {
  hour: { weekday: "short", day: "numeric", month: "short", hour: "numeric", minute: "2-digit" },
  day: { weekday: "long", day: "numeric", month: "long", year: "numeric" },
  week: { day: "numeric", month: "long", year: "numeric" },
  month: { month: "long", year: "numeric" },
};

/** Label on an axis of `count` buckets: hours over several days include the day. */
export function shortBucket(
  start: number,
  grain: Granularity,
  count: number,
  locale: string,
  timezone: string,
): string {
  const options =
    grain === "hour" && count > 25 ? { weekday: "short" as const, ...SHORT.hour } : SHORT[grain];
  return moment(start, locale, timezone, options);
}

/** Full label. */
export function longBucket(start: number, grain: Granularity, locale: string, timezone: string): string {
  return (grain === "week" ? "Week of " : "") + moment(start, locale, timezone, LONG[grain]);
}
