/**
 * Dataset `events`: one row per event.
 * @module
 */
import { ENGAGEMENT, PAGE_VIEW } from "../../../schema/wire/event";
import { byName, type Dataset } from "./dataset";
import { eventDimensions, eventProperty, relatedVisitDimensions, timeDimensions } from "./dimensions";

/** Events, counted at the time they happened. */
export const events: Dataset = {
  name: "events",
  label: "Events",
  description: "Events, counted at the time they happened.",
  lake: "events",
  time: "timestamp",
  except: { column: "event_name", value: ENGAGEMENT },
  dimensions: byName([...timeDimensions, ...eventDimensions, ...relatedVisitDimensions]),
  property: eventProperty,
  measures: {
    events: { aggregate: { kind: "count" }, rollup: { count: "events" } },
    pageviews: {
      aggregate: { kind: "count", where: { column: "event_name", value: PAGE_VIEW } },
      rollup: { count: "pageviews" },
    },
    visitors: {
      aggregate: { kind: "distinct", subject: "visitor" },
      rollup: { sets: ["anonymous", "identified"] },
    },
    users: { aggregate: { kind: "distinct", subject: "user" }, rollup: { sets: ["users"] } },
    sessions: { aggregate: { kind: "distinct", subject: "session" }, rollup: { sets: ["event_sessions"] } },
  },
  metrics: byName([
    {
      name: "events",
      label: "Events",
      description: "Events of every name; time spent on pages is measured by events that are not counted.",
      unit: "count",
      format: "integer",
      good: "up",
      value: { measure: "events" },
    },
    {
      name: "pageviews",
      label: "Page views",
      description: "Events named page_view.",
      unit: "count",
      format: "integer",
      good: "up",
      value: { measure: "pageviews" },
    },
    {
      name: "visitors",
      label: "Visitors",
      description:
        "Distinct visitors: the distinct_id if one was sent, otherwise an anonymous id that changes every day, " +
        "so an anonymous visitor who returns on another day counts again.",
      unit: "count",
      format: "integer",
      good: "up",
      value: { measure: "visitors" },
    },
    {
      name: "users",
      label: "Users",
      description: "Distinct people whom an identify event had named by the time of their event.",
      unit: "count",
      format: "integer",
      good: "up",
      value: { measure: "users" },
    },
    {
      name: "sessions",
      label: "Sessions",
      description:
        "Sessions in which the events happened; a session that continues past midnight counts on both days.",
      unit: "count",
      format: "integer",
      good: "up",
      value: { measure: "sessions" },
    },
  ]),
};
