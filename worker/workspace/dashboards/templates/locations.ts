/**
 * Template: locations of visitors.
 * @module
 */
import type { DashboardTemplate } from "../../../../schema/wire/dashboard";
import { widget } from "./build";
import { metricsNamed } from "./metrics";

export const locations: DashboardTemplate = {
  id: "locations",
  metrics: metricsNamed("signup_rate"),
  content: {
    name: "Locations",
    description: "Countries, regions and cities of visitors.",
    range: "30d",
    compare: "previous",
    widgets: [
      widget("map", "map", "Visitors by country", [0, 0, 12, 6], {
        dataset: "sessions",
        metrics: ["visitors"],
        dimensions: ["visit:country"],
        limit: 250,
      }),
      widget("countries", "table", "Countries", [0, 6, 6, 6], {
        dataset: "sessions",
        metrics: ["visitors", "sessions", "pageviews"],
        dimensions: ["visit:country"],
        limit: 50,
      }),
      widget("signup-rate", "bar", "Sign-up rate by country", [6, 6, 6, 6], {
        metrics: ["metric:signup_rate"],
        dimensions: ["visit:country"],
        limit: 10,
      }),
      widget("regions", "table", "Regions", [0, 12, 6, 5], {
        dataset: "sessions",
        metrics: ["visitors"],
        dimensions: ["visit:region"],
        limit: 50,
      }),
      widget("cities", "table", "Cities", [6, 12, 6, 5], {
        dataset: "sessions",
        metrics: ["visitors"],
        dimensions: ["visit:city"],
        limit: 50,
      }),
    ],
  },
};
