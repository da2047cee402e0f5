/**
 * Template: devices, browsers and languages of visitors.
 * @module
 */
import type { DashboardTemplate } from "../../../../schema/wire/dashboard";
import { headline, widget } from "./build";
import { metricsNamed } from "./metrics";

export const audience: DashboardTemplate = {
  id: "audience",
  metrics: metricsNamed("identified_share"),
  content: {
    name: "Audience and devices",
    description: "Devices, browsers, systems, screens and languages of visitors.",
    range: "30d",
    compare: "previous",
    widgets: [
      headline("visitors", "Visitors", 0, { dataset: "events", metrics: ["visitors"] }),
      headline("users", "Users", 1, { dataset: "events", metrics: ["users"] }),
      headline("identified", "Identified visitors", 2, { metrics: ["metric:identified_share"] }),
      headline("sessions", "Sessions", 3, { dataset: "sessions", metrics: ["sessions"] }),
      widget("devices-over-time", "stacked", "Visitors by device", [0, 2, 8, 4], {
        dataset: "sessions",
        metrics: ["visitors"],
        dimensions: ["visit:device"],
      }),
      widget("devices", "pie", "Devices", [8, 2, 4, 4], {
        dataset: "sessions",
        metrics: ["visitors"],
        dimensions: ["visit:device"],
      }),
      widget("browsers", "table", "Browsers", [0, 6, 6, 5], {
        dataset: "sessions",
        metrics: ["sessions", "bounce_rate"],
        dimensions: ["visit:browser"],
        limit: 20,
      }),
      widget("systems", "table", "Operating systems", [6, 6, 6, 5], {
        dataset: "sessions",
        metrics: ["sessions", "bounce_rate"],
        dimensions: ["visit:os"],
        limit: 20,
      }),
      widget("languages", "bar", "Languages", [0, 11, 6, 4], {
        dataset: "sessions",
        metrics: ["visitors"],
        dimensions: ["visit:language"],
        limit: 10,
      }),
      widget("screens", "table", "Screens", [6, 11, 6, 4], {
        dataset: "sessions",
        metrics: ["visitors"],
        dimensions: ["visit:screen"],
        limit: 20,
      }),
    ],
  },
};
