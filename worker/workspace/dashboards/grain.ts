/**
 * The width of a bucket for widgets that draw time and leave it to the range.
 * @module
 */
import type { Widget, WidgetQuery } from "../../../schema/wire/dashboard";
import type { Granularity, Range } from "../../../schema/wire/query";

/** Kinds that draw time; a bar does when it is not broken down, a number as the line under it. */
const TIMED: readonly Widget["kind"][] = ["number", "line", "area", "stacked"];
const DAY_MS = 86_400_000;
const FITTING: Partial<Record<string, Granularity>> = {
  "24h": "hour",
  today: "hour",
  yesterday: "hour",
  "12mo": "month",
};

/** Some 20 to 120 buckets of a range; an open end is now (epoch ms). */
function fittingGrain(range: Range, now: number): Granularity {
  if (typeof range === "string") return FITTING[range] ?? "day";
  const days = ((range.to ? Date.parse(range.to) : now) - Date.parse(range.from)) / DAY_MS;
  return days <= 3 ? "hour" : days <= 120 ? "day" : days <= 400 ? "week" : "month";
}

/** What the query states, else what fits the range where the kind draws time; undefined for none. */
export function grainOf(
  kind: Widget["kind"],
  { granularity, dimensions }: WidgetQuery,
  range: Range,
  now = Date.now(),
): Granularity | undefined {
  if (granularity || dimensions.some((name) => name.startsWith("time:"))) return granularity;
  const draws = TIMED.includes(kind) || (kind === "bar" && dimensions.length === 0);
  return draws ? fittingGrain(range, now) : undefined;
}
