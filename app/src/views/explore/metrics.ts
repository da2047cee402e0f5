/**
 * The numbers of the dashboard: what they are called, how they are written, and the rule they are counted by.
 * @module
 */
import type { Unit } from "../../ui/format";

export interface Metric {
  label: string;
  unit: Unit;
  /** Which way is good news; undefined when neither. */
  better?: "up" | "down";
  /** Dataset that answers it. */
  dataset: "events" | "sessions";
  /** The counting rule, for the "?" beside the number. */
  rule: string;
}

export const METRICS = {
  visitors: {
    label: "Visitors",
    unit: "count",
    better: "up",
    dataset: "sessions",
    rule: "Different people: the id your app sends, or else an anonymous id that changes at midnight. Someone anonymous who comes on two days counts on both.",
  },
  sessions: {
    label: "Sessions",
    unit: "count",
    better: "up",
    dataset: "sessions",
    rule: "A stretch of activity by one visitor. It ends after 30 minutes without an event, or when the browser tab’s session ends.",
  },
  pageviews: {
    label: "Page views",
    unit: "count",
    better: "up",
    dataset: "events",
    rule: "Events named page_view: one for each page loaded, or reached by in-page navigation.",
  },
  events: {
    label: "Events",
    unit: "count",
    better: "up",
    dataset: "events",
    rule: "Everything that was accepted, page views included. What was dropped is not in it; see the settings for how much and why.",
  },
  users: {
    label: "Users",
    unit: "count",
    better: "up",
    dataset: "events",
    rule: "Visitors your app has named with identify. Anonymous visitors are not users.",
  },
  bounce_rate: {
    label: "Bounce rate",
    unit: "ratio",
    better: "down",
    dataset: "sessions",
    rule: "Share of sessions with a single page view and less than 10 seconds of attention.",
  },
  session_duration_ms: {
    label: "Session duration",
    unit: "ms",
    better: "up",
    dataset: "sessions",
    rule: "From a session’s first event to its last, on average. A session with one event lasts 0 seconds.",
  },
} as const satisfies Record<string, Metric>;

export type MetricName = keyof typeof METRICS;
export const METRIC_NAMES = Object.keys(METRICS) as MetricName[];

/** The metric, widened to the common interface. */
export function metricOf(name: MetricName): Metric {
  return METRICS[name];
}

/** Metrics answered by one dataset. */
export function metricsOf(dataset: Metric["dataset"]): MetricName[] {
  return METRIC_NAMES.filter((name) => METRICS[name].dataset === dataset);
}
