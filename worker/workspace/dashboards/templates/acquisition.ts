/**
 * Template: traffic sources.
 * @module
 */
import type { DashboardTemplate } from "../../../../schema/wire/dashboard";
import { headline, widget } from "./build";
import { metricsNamed } from "./metrics";

export const acquisition: DashboardTemplate = {
  id: "acquisition",
  metrics: metricsNamed("signup_rate"),
  content: {
    name: "Acquisition",
    description: "Which channels and sources bring visitors, and how many of these sign up.",
    range: "30d",
    compare: "previous",
    widgets: [
      headline("visitors", "Visitors", 0, { dataset: "events", metrics: ["visitors"] }),
      headline("sessions", "Sessions", 1, { dataset: "sessions", metrics: ["sessions"] }),
      headline("bounce-rate", "Bounce rate", 2, { dataset: "sessions", metrics: ["bounce_rate"] }),
      headline("signup-rate", "Sign-up rate", 3, { metrics: ["metric:signup_rate"] }),
      widget("channels-over-time", "stacked", "Sessions by channel", [0, 2, 12, 4], {
        dataset: "sessions",
        metrics: ["sessions"],
        dimensions: ["visit:channel"],

        limit: 8,
      }),
      widget("channels", "pie", "Channels", [0, 6, 4, 5], {
        dataset: "sessions",
        metrics: ["sessions"],
        dimensions: ["visit:channel"],
      }),
      widget("sources", "table", "Sources", [4, 6, 8, 5], {
        dataset: "sessions",
        metrics: ["sessions", "bounce_rate", "session_duration_ms"],
        dimensions: ["visit:source"],
        limit: 30,
      }),
      widget("referrers", "table", "Referrers", [0, 11, 6, 5], {
        dataset: "sessions",
        metrics: ["sessions"],
        dimensions: ["visit:referrer"],
        limit: 30,
      }),
      widget("signup-rate-by-channel", "bar", "Sign-up rate by channel", [6, 11, 6, 5], {
        metrics: ["metric:signup_rate"],
        dimensions: ["visit:channel"],
      }),
    ],
  },
};
