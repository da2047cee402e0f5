/**
 * Ranges, comparisons and granularities of queries, with their labels.
 * @module
 */
import type { Granularity, Preset, Range } from "../../../schema/wire/query";

// Values, not the schema's own lists: those would bring zod into the browser.
export const RANGES = {
  "24h": "Last 24 hours",
  "7d": "Last 7 days",
  "30d": "Last 30 days",
  "90d": "Last 90 days",
  "12mo": "Last 12 months",
  today: "Today",
  yesterday: "Yesterday",
} as const satisfies Record<Preset, string>;
export const COMPARISONS = {
  none: "No comparison",
  previous: "Previous period",
  year: "Same period last year",
} as const;
export const GRAINS = {
  hour: "Hours",
  day: "Days",
  week: "Weeks",
  month: "Months",
} as const satisfies Record<Granularity, string>;

export type Comparison = keyof typeof COMPARISONS;
export interface CustomRange {
  /** ISO 8601; a bare date is midnight in the project's zone. */
  from: string;
  /** Exclusive. */
  to: string;
}
export type SelectedRange = Preset | CustomRange;

/** A query's range as the picker shows it; an open end is now. */
export function selectedRange(range: Range): SelectedRange {
  if (typeof range === "string") return range;
  return { from: range.from, to: range.to ?? new Date().toISOString() };
}

const FITTING: Partial<Record<Preset, Granularity>> = {
  "24h": "hour",
  today: "hour",
  yesterday: "hour",
  "12mo": "month",
};

/** The granularity that gives some 20 to 100 buckets for a range. */
export function grainOf(range: SelectedRange): Granularity {
  if (typeof range === "string") return FITTING[range] ?? "day";
  const days = (Date.parse(range.to) - Date.parse(range.from)) / 86_400_000;
  return days <= 3 ? "hour" : days <= 120 ? "day" : days <= 400 ? "week" : "month";
}
