/**
 * Template: engagement of visitors.
 * @module
 */
import type { DashboardTemplate } from "../../../../schema/wire/dashboard";
import { headline, widget } from "./build";
import { metricsNamed } from "./metrics";

export const engagement: DashboardTemplate = {
  id: "engagement",
  metrics: metricsNamed("engaged_share", "sessions_per_visitor", "events_per_visitor"),
  content: {
    name: "Engagement",
    description: "How often visitors come, how long they stay and how much they do.",
    range: "30d",
    compare: "previous",
    widgets: [
      headline("engaged", "Engaged sessions", 0, { metrics: ["metric:engaged_share"] }),
      headline("sessions-per-visitor", "Sessions per visitor", 1, {
        metrics: ["metric:sessions_per_visitor"],
      }),
      headline("events-per-visitor", "Events per visitor", 2, { metrics: ["metric:events_per_visitor"] }),
      headline("duration", "Session duration", 3, { dataset: "sessions", metrics: ["session_duration_ms"] }),
      widget("duration-over-time", "line", "Session duration", [0, 2, 6, 4], {
        dataset: "sessions",
        metrics: ["session_duration_ms"],
      }),
      widget("engaged-over-time", "line", "Engaged sessions", [6, 2, 6, 4], {
        metrics: ["metric:engaged_share"],
      }),
      widget("views-per-session", "line", "Views per session", [0, 6, 6, 4], {
        dataset: "sessions",
        metrics: ["views_per_session"],
      }),
      widget("engaged-by-channel", "table", "By channel", [6, 6, 6, 4], {
        dataset: "sessions",
        metrics: ["sessions", "bounce_rate", "session_duration_ms", "views_per_session"],
        dimensions: ["visit:channel"],
      }),
    ],
  },
};
