/**
 * Template: overview of a website.
 * @module
 */
import type { DashboardTemplate } from "../../../../schema/wire/dashboard";
import { headline, widget } from "./build";
import { metricsNamed } from "./metrics";

export const webOverview: DashboardTemplate = {
  id: "web-overview",
  metrics: metricsNamed("pages_per_session"),
  content: {
    name: "Web overview",
    description: "Visitors, where they come from, and the pages they view.",
    range: "30d",
    compare: "previous",
    widgets: [
      headline("visitors", "Visitors", 0, { dataset: "events", metrics: ["visitors"] }),
      headline("pageviews", "Page views", 1, { dataset: "events", metrics: ["pageviews"] }),
      headline("bounce-rate", "Bounce rate", 2, { dataset: "sessions", metrics: ["bounce_rate"] }),
      headline("pages-per-session", "Pages per session", 3, { metrics: ["metric:pages_per_session"] }),
      widget("visitors-over-time", "area", "Visitors", [0, 2, 12, 4], {
        dataset: "events",
        metrics: ["visitors"],
      }),
      widget("pages", "table", "Pages", [0, 6, 6, 5], {
        dataset: "events",
        metrics: ["pageviews", "visitors"],
        dimensions: ["event:path"],
        limit: 20,
      }),
      widget("sources", "table", "Sources", [6, 6, 6, 5], {
        dataset: "sessions",
        metrics: ["visitors", "sessions"],
        dimensions: ["visit:source"],
        limit: 20,
      }),
      widget("countries", "map", "Countries", [0, 11, 8, 5], {
        dataset: "sessions",
        metrics: ["visitors"],
        dimensions: ["visit:country"],
        limit: 250,
      }),
      widget("devices", "pie", "Devices", [8, 11, 4, 5], {
        dataset: "sessions",
        metrics: ["visitors"],
        dimensions: ["visit:device"],
      }),
    ],
  },
};
