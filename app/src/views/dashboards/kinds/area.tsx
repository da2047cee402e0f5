/**
 * Areas over time.
 * @module
 */
import type { QueryKind } from "./kind";
import { TimeSeriesOrBars } from "./shared/time-series-or-bars";

export const area: QueryKind = {
  label: "Area",
  description: "Metrics over time, with the area below each line filled.",
  icon: "M2 13l5-5 4 3 5-6 6 3v6",
  minSize: { w: 3, h: 2 },
  defaultSize: { w: 6, h: 4 },
  metrics: 3,
  dimensions: [0, 1],
  interval: "always",
  hasLimit: true,
  hasTableView: true,
  View: (props) => <TimeSeriesOrBars {...props} plot="area" />,
};
