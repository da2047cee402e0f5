/**
 * Template: most viewed content.
 * @module
 */
import type { DashboardTemplate } from "../../../../schema/wire/dashboard";
import { headline, widget } from "./build";
import { metricsNamed } from "./metrics";

export const content: DashboardTemplate = {
  id: "content",
  metrics: metricsNamed("pages_per_visitor"),
  content: {
    name: "Content",
    description: "Most viewed pages, entry pages and exit pages.",
    range: "30d",
    compare: "previous",
    widgets: [
      headline("pageviews", "Page views", 0, { dataset: "events", metrics: ["pageviews"] }),
      headline("visitors", "Visitors", 1, { dataset: "events", metrics: ["visitors"] }),
      headline("pages-per-visitor", "Pages per visitor", 2, { metrics: ["metric:pages_per_visitor"] }),
      headline("duration", "Session duration", 3, { dataset: "sessions", metrics: ["session_duration_ms"] }),
      widget("pageviews-over-time", "area", "Page views", [0, 2, 12, 4], {
        dataset: "events",
        metrics: ["pageviews"],
      }),
      widget("pages", "table", "Pages", [0, 6, 12, 6], {
        dataset: "events",
        metrics: ["pageviews", "visitors"],
        dimensions: ["event:path"],
        limit: 50,
      }),
      widget("entries", "table", "Entry pages", [0, 12, 6, 5], {
        dataset: "sessions",
        metrics: ["sessions", "bounce_rate"],
        dimensions: ["visit:entry"],
        limit: 20,
      }),
      widget("exits", "table", "Exit pages", [6, 12, 6, 5], {
        dataset: "sessions",
        metrics: ["sessions"],
        dimensions: ["visit:exit"],
        limit: 20,
      }),
    ],
  },
};
