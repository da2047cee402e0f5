/**
 * Converts days of a time zone to timestamps.
 * @module
 */
import type { Day } from "../../ui/clock";
import { dateFormat } from "../../ui/format";

/** Maximum offset of a time zone from UTC, hours. */
const WIDEST_MS = 15 * 3_600_000;

function offsetAt(time: number, timeZone: string): number {
  const parts = Object.fromEntries(
    dateFormat("en-CA", {
      timeZone,
      hourCycle: "h23",
      year: "numeric",
      month: "2-digit",
      day: "2-digit",
      hour: "2-digit",
      minute: "2-digit",
      second: "2-digit",
    })
      .formatToParts(time)
      .map(({ type, value }) => [type, Number(value)]),
  );
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(time / 1000) * 1000;
}

/** Returns the start of a day in a zone, epoch ms; tries offsets on both sides because of daylight saving changes. */
export function dayStart(day: Day, timeZone: string): number {
  const utc = Date.parse(`${day}T00:00:00Z`);
  const guesses = [utc - WIDEST_MS, utc + WIDEST_MS].map((near) => utc - offsetAt(near, timeZone));
  const exact = guesses.find((guess) => guess + offsetAt(guess, timeZone) === utc);
  return exact ?? Math.max(...guesses);
}
