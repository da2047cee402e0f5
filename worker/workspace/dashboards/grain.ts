/**
 * The default granularity of widgets that draw time.
 * @module
 */
import type { Widget, WidgetQuery } from "../../../schema/wire/dashboard";
import type { Granularity, Range } from "../../../schema/wire/query";
import { widgetKindSpec } from "../../../schema/wire/widget-kind";

const DAY_MS = 86_400_000;
const FITTING: Partial<Record<string, Granularity>> = {
  "24h": "hour",
  today: "hour",
  yesterday: "hour",
  "12mo": "month",
};

/** Returns a granularity with about 20 to 120 buckets. A range without an end ends at `now` (epoch ms). */
function fittingGrain(range: Range, now: number): Granularity {
  if (typeof range === "string") return FITTING[range] ?? "day";
  const days = ((range.to ? Date.parse(range.to) : now) - Date.parse(range.from)) / DAY_MS;
  return days <= 3 ? "hour" : days <= 120 ? "day" : days <= 400 ? "week" : "month";
}

/** Returns the query's own granularity, or one that fits the range if the kind draws time. */
export function grainOf(
  kind: Widget["kind"],
  { granularity, dimensions }: WidgetQuery,
  range: Range,
  now = Date.now(),
): Granularity | undefined {
  if (granularity || dimensions.some((name) => name.startsWith("time:"))) return granularity;
  const { time } = widgetKindSpec(kind);
  const drawsTime = time === "always" || (time === "without dimensions" && dimensions.length === 0);
  return drawsTime ? fittingGrain(range, now) : undefined;
}
