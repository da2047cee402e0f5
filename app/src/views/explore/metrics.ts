/**
 * The metrics of the overview: labels, units and definitions.
 * @module
 */
import type { Unit } from "../../ui/format";

export interface Metric {
  label: string;
  unit: Unit;
  /** Which direction is better; undefined when neutral. */
  better?: "up" | "down";
  /** The dataset of the metric. */
  dataset: "events" | "sessions";
  /** The definition, for the "?" beside the number. */
  rule: string;
}

export const METRICS = {
  visitors: {
    label: "Visitors",
    unit: "count",
    better: "up",
    dataset: "sessions",
    rule: "Unique visitors: by the ID your app sends, else by an anonymous ID that changes at midnight. An anonymous visitor counts once per day.",
  },
  sessions: {
    label: "Sessions",
    unit: "count",
    better: "up",
    dataset: "sessions",
    rule: "A period of activity of one visitor. It ends after 30 minutes without an event, or when the browser tab is closed.",
  },
  pageviews: {
    label: "Page views",
    unit: "count",
    better: "up",
    dataset: "events",
    rule: "Events named page_view: one per page load or in-page navigation.",
  },
  events: {
    label: "Events",
    unit: "count",
    better: "up",
    dataset: "events",
    rule: "All accepted events, including page views. Filtered events are not included; see Filtered traffic in the settings.",
  },
  users: {
    label: "Users",
    unit: "count",
    better: "up",
    dataset: "events",
    rule: "Visitors identified by your app. Anonymous visitors are not users.",
  },
  bounce_rate: {
    label: "Bounce rate",
    unit: "ratio",
    better: "down",
    dataset: "sessions",
    rule: "Share of sessions with one page view and less than 10 seconds of engagement.",
  },
  session_duration_ms: {
    label: "Session duration",
    unit: "ms",
    better: "up",
    dataset: "sessions",
    rule: "Average time from the first to the last event of a session. A session with one event lasts 0 seconds.",
  },
} as const satisfies Record<string, Metric>;

export type MetricName = keyof typeof METRICS;
export const METRIC_NAMES = Object.keys(METRICS) as MetricName[];

/** The metric, widened to the common interface. */
export function metricOf(name: MetricName): Metric {
  return METRICS[name];
}

/** Metrics of a dataset. */
export function metricsOf(dataset: Metric["dataset"]): MetricName[] {
  return METRIC_NAMES.filter((name) => METRICS[name].dataset === dataset);
}
