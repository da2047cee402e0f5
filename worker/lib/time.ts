/**
 * Calendar time: buckets in a project's time zone, keyed by their UTC start.
 * An hour in a half-hour zone starts at :30 UTC; the hour that daylight saving repeats is two buckets; a zone
 * change that falls inside an hour (Lord Howe) starts a new bucket at the change.
 * @module
 */
import { Temporal } from "temporal-polyfill";
import { Lru } from "./lru";

export const SECOND_MS = 1000;
export const MINUTE_MS = 60 * SECOND_MS;
export const HOUR_MS = 60 * MINUTE_MS;
/** Twenty-four hours, which a local day need not have. */
export const DAY_MS = 24 * HOUR_MS;

export type Grain = "hour" | "day" | "week" | "month";

/** Half-open `[from, to)`, epoch ms. */
export interface TimeRange {
  from: number;
  to: number;
}

/** A range of time in which a zone's offset from UTC is constant. */
interface Stretch extends TimeRange {
  offset: number;
}

/** Zones in memory: more than there are names in use. */
const MAX_ZONES = 200;
/** Day starts in memory of each zone, about three years: with the other limits at most 30 MB. */
const MAX_DAY_STARTS = 1_000;
/** Stretches in memory of each zone: a year has two where clocks change. */
const MAX_STRETCHES = 150;

/** A zone's offsets and day starts, cached: Temporal is exact but far too slow to call for each event. */
class Zone {
  #stretches: Stretch[] = [];
  #last: Stretch | undefined;
  readonly #dayStarts = new Lru<number, number>({ maxEntries: MAX_DAY_STARTS });

  constructor(readonly name: string) {}

  at(time: number): Stretch {
    const last = this.#last;
    if (last && last.from <= time && time < last.to) return last;
    let stretch = this.#stretches.find((s) => s.from <= time && time < s.to);
    if (!stretch) {
      const moment = Temporal.Instant.fromEpochMilliseconds(Math.trunc(time)).toZonedDateTimeISO(this.name);
      stretch = {
        from:
          moment.add({ nanoseconds: 1 }).getTimeZoneTransition("previous")?.epochMilliseconds ?? -Infinity,
        to: moment.getTimeZoneTransition("next")?.epochMilliseconds ?? Infinity,
        offset: moment.offsetNanoseconds / 1e6,
      };
      if (this.#stretches.push(stretch) > MAX_STRETCHES) this.#stretches.shift();
    }
    this.#last = stretch;
    return stretch;
  }

  /** Days since 1970-01-01 in this zone's calendar. */
  dayOf(time: number): number {
    return Math.floor((time + this.at(time).offset) / DAY_MS);
  }

  dayStart(day: number): number {
    return this.#dayStarts.getOrCreate(
      day,
      () => plainDate(day).toZonedDateTime(this.name).epochMilliseconds,
    );
  }
}

const zones = new Lru<string, Zone>({ maxEntries: MAX_ZONES });
const newZone = (name: string) => new Zone(name);
const zoneNamed = (name: string) => zones.getOrCreate(name, newZone);

function plainDate(day: number): Temporal.PlainDate {
  return Temporal.PlainDate.from("1970-01-01").add({ days: day });
}

/** First local day (days since 1970) of the week (Monday, ISO 8601) or month that contains `day`. */
function firstDay(day: number, grain: "week" | "month"): number {
  if (grain === "week") return day - ((((day + 3) % 7) + 7) % 7);
  return day - (plainDate(day).day - 1);
}

/** Start of the bucket that contains `time`, epoch ms UTC. @throws RangeError when the zone is unknown */
export function bucketStart(time: number, grain: Grain, zoneName: string): number {
  const zone = zoneNamed(zoneName);
  if (grain === "hour") {
    const { offset, from } = zone.at(time);
    return Math.max(from, Math.floor((time + offset) / HOUR_MS) * HOUR_MS - offset);
  }
  const day = zone.dayOf(time);
  return zone.dayStart(grain === "day" ? day : firstDay(day, grain));
}

/** Start of the bucket after the one that contains `time`. */
export function nextBucket(time: number, grain: Grain, zoneName: string): number {
  const zone = zoneNamed(zoneName);
  if (grain === "hour") {
    const { offset, to } = zone.at(time);
    return Math.min(to, (Math.floor((time + offset) / HOUR_MS) + 1) * HOUR_MS - offset);
  }
  const day = zone.dayOf(time);
  if (grain === "day") return zone.dayStart(day + 1);
  const first = firstDay(day, grain);
  return zone.dayStart(grain === "week" ? first + 7 : first + plainDate(first).daysInMonth);
}

/** Starts of all buckets that overlap `[from, to)`. */
export function bucketsOf({ from, to }: TimeRange, grain: Grain, zone: string): number[] {
  const starts: number[] = [];
  for (let start = bucketStart(from, grain, zone); start < to; start = nextBucket(start, grain, zone)) {
    starts.push(start);
  }
  return starts;
}

/** `time` moved by whole local days (negative: back) at the same local time of day. */
export function shiftDays(time: number, days: number, zone: string): number {
  return Temporal.Instant.fromEpochMilliseconds(time).toZonedDateTimeISO(zone).add({ days })
    .epochMilliseconds;
}

/** The local date of `time` as `YYYY-MM-DD`. */
export function localDate(time: number, zone: string): string {
  return plainDate(zoneNamed(zone).dayOf(time)).toString();
}

/** The local start of a date `YYYY-MM-DD`, or the instant of an ISO 8601 text. @throws RangeError */
export function instantOf(text: string, zone: string): number {
  if (/^\d{4}-\d{2}-\d{2}$/.test(text)) {
    return Temporal.PlainDate.from(text).toZonedDateTime(zone).epochMilliseconds;
  }
  if (/(z|[+-]\d{2}:?\d{2})$/i.test(text)) return Temporal.Instant.from(text).epochMilliseconds;
  return Temporal.PlainDateTime.from(text).toZonedDateTime(zone).epochMilliseconds;
}
