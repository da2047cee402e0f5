/**
 * Dataset `sessions`: one row per session, counted at its start.
 * @module
 */
import { byName, type Dataset, type Measure } from "./dataset";
import { count, metric, number } from "./declare";
import { relatedEventDimensions, relatedEventProperty, timeDimensions, visitDimensions } from "./dimensions";

/** A visitor's id is derived from the user agent, so devices share no anonymous visitors. */
const WHOLE = "visit:device";

const sum = (column: string, whole?: string): Measure => ({
  aggregate: { kind: "sum", column },
  rollup: { count: column },
  whole,
});

/** Visits, counted at their start, with everything until their end. */
export const sessions: Dataset = {
  name: "sessions",
  label: "Sessions",
  description: "Visits, counted at the time they started, with everything until they ended.",
  lake: "sessions",
  time: "started_at",
  dimensions: byName([...timeDimensions, ...visitDimensions, ...relatedEventDimensions]),
  property: relatedEventProperty,
  numbers: byName([
    number("visit:duration_ms", "Duration", "Time between the first and the last event of the session.", {
      unit: "ms",
      column: "ended_at",
      less: "started_at",
    }),
    number("visit:engaged_ms", "Engaged time", "Time that pages of the session were visible and active.", {
      unit: "ms",
      column: "engaged_ms",
    }),
    number("visit:pageviews", "Page views", "Page views of the session.", {
      unit: "count",
      column: "pageviews",
    }),
    number("visit:events", "Events", "Events of the session.", { unit: "count", column: "events" }),
  ]),
  measures: {
    sessions: { aggregate: { kind: "count" }, rollup: { count: "sessions" } },
    bounces: { aggregate: { kind: "sum", column: "bounce" }, rollup: { count: "bounces" } },
    duration_ms: {
      aggregate: { kind: "sum", column: "ended_at", less: "started_at" },
      rollup: { count: "duration_ms" },
    },
    pageviews: sum("pageviews", WHOLE),
    events: sum("events", WHOLE),
    visitors: {
      aggregate: { kind: "distinct", subject: "visitor" },
      rollup: { sets: ["anonymous", "identified"] },
      whole: WHOLE,
    },
  },
  metrics: byName([
    metric(
      "sessions",
      "Sessions",
      "Events with one session_id, or of one visitor without session_id, with no pause of more than 30 minutes.",
      count("sessions"),
    ),
    metric(
      "visitors",
      "Visitors",
      "Distinct visitors who started a session: the distinct_id if one was sent, otherwise an anonymous id that " +
        "changes every day.",
      count("visitors"),
    ),
    metric("pageviews", "Page views", "Page views in the sessions.", count("pageviews")),
    metric("events", "Events", "Events in the sessions.", count("events")),
    metric("bounces", "Bounces", "Sessions with one page view and less than 10 seconds of engagement.", {
      ...count("bounces"),
      good: "down",
    }),
    metric("bounce_rate", "Bounce rate", "Bounces as a share of sessions.", {
      unit: "ratio",
      format: "percent",
      good: "down",
      value: { ratio: ["bounces", "sessions"] },
    }),
    metric(
      "session_duration_ms",
      "Session duration",
      "Average time between the first and the last event of a session.",
      { unit: "ms", format: "duration", good: "up", value: { ratio: ["duration_ms", "sessions"] } },
    ),
    metric("views_per_session", "Views per session", "Page views divided by sessions.", {
      unit: "ratio",
      format: "decimal",
      good: "up",
      value: { ratio: ["pageviews", "sessions"] },
    }),
  ]),
};
