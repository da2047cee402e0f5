/**
 * Template: results of campaigns.
 * @module
 */
import type { DashboardTemplate } from "../../../../schema/wire/dashboard";
import { headline, widget } from "./build";
import { metricsNamed } from "./metrics";

export const campaigns: DashboardTemplate = {
  id: "campaigns",
  metrics: metricsNamed("signup_rate"),
  content: {
    name: "Campaigns",
    description: "Visits by the UTM parameters of their first page.",
    range: "30d",
    compare: "previous",
    widgets: [
      headline("sessions", "Sessions", 0, { dataset: "sessions", metrics: ["sessions"] }),
      headline("bounce-rate", "Bounce rate", 1, { dataset: "sessions", metrics: ["bounce_rate"] }),
      headline("signups", "Sign-ups", 2, { metrics: ["metric:signups"] }),
      headline("signup-rate", "Sign-up rate", 3, { metrics: ["metric:signup_rate"] }),
      widget("campaigns-over-time", "stacked", "Sessions by campaign", [0, 2, 12, 4], {
        dataset: "sessions",
        metrics: ["sessions"],
        dimensions: ["visit:utm_campaign"],

        limit: 8,
      }),
      widget("campaigns", "table", "Campaigns", [0, 6, 12, 5], {
        dataset: "sessions",
        metrics: ["sessions", "visitors", "bounce_rate", "session_duration_ms"],
        dimensions: ["visit:utm_campaign"],
        limit: 50,
      }),
      widget("utm-sources", "table", "Sources", [0, 11, 4, 5], {
        dataset: "sessions",
        metrics: ["sessions"],
        dimensions: ["visit:utm_source"],
        limit: 20,
      }),
      widget("utm-media", "table", "Medium", [4, 11, 4, 5], {
        dataset: "sessions",
        metrics: ["sessions"],
        dimensions: ["visit:utm_medium"],
        limit: 20,
      }),
      widget("utm-content", "table", "Content", [8, 11, 4, 5], {
        dataset: "sessions",
        metrics: ["sessions"],
        dimensions: ["visit:utm_content"],
        limit: 20,
      }),
    ],
  },
};
