/**
 * Lines over time.
 * @module
 */
import type { QueryKind } from "./kind";
import { TimeSeriesOrBars } from "./shared/time-series-or-bars";

export const line: QueryKind = {
  label: "Line",
  description: "Metrics over time; with a breakdown, one line per value.",
  icon: "M2 12l5-5 4 3 5-6 6 3",
  minSize: { w: 3, h: 2 },
  defaultSize: { w: 6, h: 4 },
  metrics: 5,
  dimensions: [0, 1],
  interval: "always",
  hasLimit: true,
  hasTableView: true,
  View: (props) => <TimeSeriesOrBars {...props} plot="line" />,
};
