/**
 * Template: landing pages.
 * @module
 */
import type { DashboardTemplate } from "../../../../schema/wire/dashboard";
import { headline, widget } from "./build";
import { metricsNamed } from "./metrics";

export const landingPages: DashboardTemplate = {
  id: "landing-pages",
  metrics: metricsNamed("pages_per_session"),
  content: {
    name: "Landing pages",
    description: "Visits by the page they start on.",
    range: "30d",
    compare: "previous",
    widgets: [
      headline("sessions", "Sessions", 0, { dataset: "sessions", metrics: ["sessions"] }),
      headline("bounce-rate", "Bounce rate", 1, { dataset: "sessions", metrics: ["bounce_rate"] }),
      headline("pages-per-session", "Pages per session", 2, { metrics: ["metric:pages_per_session"] }),
      headline("duration", "Session duration", 3, { dataset: "sessions", metrics: ["session_duration_ms"] }),
      widget("landings-over-time", "stacked", "Sessions by landing page", [0, 2, 12, 4], {
        dataset: "sessions",
        metrics: ["sessions"],
        dimensions: ["visit:entry"],

        limit: 8,
      }),
      widget("landings", "table", "Landing pages", [0, 6, 12, 7], {
        dataset: "sessions",
        metrics: ["sessions", "visitors", "bounce_rate", "session_duration_ms", "views_per_session"],
        dimensions: ["visit:entry"],
        limit: 50,
      }),
      widget("bounces-over-time", "line", "Bounce rate", [0, 13, 6, 4], {
        dataset: "sessions",
        metrics: ["bounce_rate"],
      }),
      widget("sources", "bar", "Sources", [6, 13, 6, 4], {
        dataset: "sessions",
        metrics: ["sessions"],
        dimensions: ["visit:source"],
        limit: 10,
      }),
    ],
  },
};
