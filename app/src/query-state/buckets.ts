/**
 * Buckets of time in the project's zone: which one is still open.
 * @module
 */
import type { Granularity } from "../../../schema/wire/query";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

const formats = new Map<string, Intl.DateTimeFormat>();

/** The local date at a moment, as days since 1970-01-01. */
function localDay(at: number, zone: string): number {
  let format = formats.get(zone);
  if (!format) {
    format = new Intl.DateTimeFormat("en-CA", {
      timeZone: zone,
      year: "numeric",
      month: "2-digit",
      day: "2-digit",
    });
    formats.set(zone, format);
  }
  return Date.parse(`${format.format(at)}T00:00Z`) / DAY_MS;
}

/** Number of the bucket that contains a moment; equal for all moments of a bucket. Weeks begin on Monday. */
function bucketNumber(at: number, grain: Exclude<Granularity, "hour">, zone: string): number {
  const day = localDay(at, zone);
  if (grain === "day") return day;
  if (grain === "week") return Math.floor((day + 3) / 7);
  const date = new Date(day * DAY_MS);
  return date.getUTCFullYear() * 12 + date.getUTCMonth();
}

/**
 * True while `now` is in the bucket that starts at `start` (epoch ms). By the calendar of `zone`, because a day has 23 to 25
 * hours when clocks change.
 */
export function isOpen(start: number, grain: Granularity, zone: string, now: number): boolean {
  if (grain === "hour") return now >= start && now < start + HOUR_MS;
  return bucketNumber(start, grain, zone) === bucketNumber(now, grain, zone);
}
