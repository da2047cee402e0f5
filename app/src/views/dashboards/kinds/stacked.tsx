/**
 * Stacked parts over time.
 * @module
 */
import type { QueryKind } from "./kind";
import { TimeSeriesOrBars } from "./shared/time-series-or-bars";

export const stacked: QueryKind = {
  label: "Stacked",
  description: "Parts of a total over time, stacked.",
  icon: "M5 14V8m0-1V4M12 14v-4m0-1V3M19 14v-5m0-1V6",
  minSize: { w: 3, h: 2 },
  defaultSize: { w: 6, h: 4 },
  metrics: 1,
  dimensions: [1, 1],
  interval: "always",
  hasLimit: true,
  hasTableView: true,
  View: (props) => <TimeSeriesOrBars {...props} plot="stacked" />,
};
