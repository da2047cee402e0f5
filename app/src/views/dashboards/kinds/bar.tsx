/**
 * Ranked bars of a breakdown, or bars over time.
 * @module
 */
import type { QueryKind } from "./kind";
import { TimeSeriesOrBars } from "./shared/time-series-or-bars";

export const bar: QueryKind = {
  label: "Bars",
  description: "Ranked values of a breakdown; without a breakdown, one bar per interval.",
  icon: "M4 14v-4M9 14V5M14 14v-7M19 14V9",
  minSize: { w: 3, h: 2 },
  defaultSize: { w: 6, h: 4 },
  metrics: 1,
  dimensions: [0, 2],
  interval: "without-breakdown",
  hasLimit: true,
  hasTableView: true,
  View: (props) => <TimeSeriesOrBars {...props} plot="bar" />,
};
