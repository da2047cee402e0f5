/**
 * Resolves the range of a query ("7d", "2026-03-01") to instants, and the range to compare with.
 * @module
 */
import { Temporal } from "temporal-polyfill";
import { PRESETS, type Preset, presetSchema, type Query, type Range } from "../../../../schema/wire/query";
import {
  bucketStart,
  DAY_MS,
  HOUR_MS,
  instantOf,
  nextBucket,
  shiftDays,
  type TimeRange,
} from "../../../lib/time";
import { type Refusal, refuse } from "./refusal";

/** Bounds of a range: from 1970 (a day earlier, for zones east of UTC) to two years from now. */
const EARLIEST = -DAY_MS;
const MAX_AHEAD_MS = 2 * 366 * DAY_MS;
/** How far back a preset reaches. */
const DAYS = { "7d": 7, "30d": 30, "90d": 90 } as const;
const HOURS_OF_24H = 24;
const MONTHS_OF_12MO = 12;

/** A range, and the step to the one before it. */
export interface ResolvedRange extends TimeRange {
  step: { months: number } | { days: number } | { ms: number };
}

/** Returns the half-open instants of a range. A preset ends with the current hour, so that it includes the open bucket. */
export function resolveRange(range: Range, zone: string, now: number): ResolvedRange | Refusal {
  const preset = presetSchema.safeParse(typeof range === "string" ? range : range.from);
  if (preset.success) {
    if (typeof range === "string" || range.to === undefined) return resolvePreset(preset.data, zone, now);
    const detail = `\`${preset.data}\` has an end of its own: remove \`to\`, or use a date in \`from\``;
    return refuse("range_invalid", "range.to", detail);
  }
  if (typeof range === "string") return refuse("range_invalid", "range", `\`${range}\` is not a range`);
  const from = readInstant(range.from, "range.from", zone, now);
  if (typeof from !== "number") return from;
  const to =
    range.to === undefined ? nextBucket(now, "hour", zone) : readInstant(range.to, "range.to", zone, now);
  if (typeof to !== "number") return to;
  if (from >= to) return refuse("range_invalid", "range", "`from` must be before `to`");
  return { from, to, step: stepOf(from, to, zone) };
}

function resolvePreset(preset: Preset, zone: string, now: number): ResolvedRange {
  const to = nextBucket(now, "hour", zone);
  const today = bucketStart(now, "day", zone);
  switch (preset) {
    case "24h": {
      const from = bucketStart(bucketStart(now, "hour", zone) - (HOURS_OF_24H - 1) * HOUR_MS, "hour", zone);
      return { from, to, step: { ms: HOURS_OF_24H * HOUR_MS } };
    }
    case "today":
      return { from: today, to, step: { days: 1 } };
    case "yesterday":
      return { from: bucketStart(today - 1, "day", zone), to: today, step: { days: 1 } };
    case "12mo": {
      const from = bucketStart(shiftMonths(now, 1 - MONTHS_OF_12MO, zone), "month", zone);
      return { from, to, step: { months: MONTHS_OF_12MO } };
    }
    default: {
      const days = DAYS[preset];
      return { from: bucketStart(shiftDays(today, 1 - days, zone), "day", zone), to, step: { days } };
    }
  }
}

function readInstant(text: string, path: string, zone: string, now: number): number | Refusal {
  try {
    const instant = instantOf(text, zone);
    if (instant >= EARLIEST && instant <= now + MAX_AHEAD_MS) return instant;
    return refuse("range_invalid", path, "A range lies between 1970 and two years from now");
  } catch {
    return refuse(
      "range_invalid",
      path,
      `\`${text}\` is not an ISO 8601 time or date, or one of ${PRESETS.join(", ")}`,
    );
  }
}

/** A range that starts at midnight steps by whole local days, any other by its length. */
function stepOf(from: number, to: number, zone: string): ResolvedRange["step"] {
  if (bucketStart(from, "day", zone) !== from) return { ms: to - from };
  return { days: dateOf(from, zone).until(dateOf(to - 1, zone)).days + 1 };
}

function dateOf(time: number, zone: string): Temporal.PlainDate {
  return Temporal.Instant.fromEpochMilliseconds(time).toZonedDateTimeISO(zone).toPlainDate();
}

/** Returns the range to compare with, or null. It ends at the same time of day. */
export function comparedRange(
  range: ResolvedRange,
  compare: NonNullable<Query["compare"]>,
  zone: string,
): TimeRange | null {
  if (compare === "none") return null;
  const { step } = compare === "year" ? { step: { months: 12 } } : range;
  const shift = (time: number) => {
    if ("months" in step) return shiftMonths(time, -step.months, zone);
    return "days" in step ? shiftDays(time, -step.days, zone) : time - step.ms;
  };
  return { from: shift(range.from), to: shift(range.to) };
}

/** Moves `time` by calendar months. Day and wall-clock time stay the same where the month has them. */
function shiftMonths(time: number, months: number, zone: string): number {
  return Temporal.Instant.fromEpochMilliseconds(time).toZonedDateTimeISO(zone).add({ months })
    .epochMilliseconds;
}

/**
 * Returns where reading ends. A range that ends after now includes all of today: nothing later can have happened, and a
 * whole day is one row where hours are many. A series by the hour is read as requested.
 */
export function readUntil(to: number, grain: string | null, zone: string, now: number): number {
  return grain === "hour" || to <= now ? to : Math.max(to, nextBucket(now, "day", zone));
}
