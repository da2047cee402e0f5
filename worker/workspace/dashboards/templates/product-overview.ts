/**
 * Template: product usage.
 * @module
 */
import type { DashboardTemplate } from "../../../../schema/wire/dashboard";
import { headline, widget } from "./build";
import { metricsNamed } from "./metrics";

export const productOverview: DashboardTemplate = {
  id: "product-overview",
  metrics: metricsNamed("signup_rate", "events_per_visitor"),
  content: {
    name: "Product overview",
    description: "Who uses the product, what they do, and how many sign up.",
    range: "30d",
    compare: "previous",
    widgets: [
      headline("users", "Users", 0, { dataset: "events", metrics: ["users"] }),
      headline("signups", "Sign-ups", 1, { metrics: ["metric:signups"] }),
      headline("signup-rate", "Sign-up rate", 2, { metrics: ["metric:signup_rate"] }),
      headline("events-per-visitor", "Events per visitor", 3, { metrics: ["metric:events_per_visitor"] }),
      widget("users-over-time", "line", "Users", [0, 2, 8, 4], {
        dataset: "events",
        metrics: ["users", "visitors"],
      }),
      widget("top-events", "bar", "Top events", [8, 2, 4, 4], {
        dataset: "events",
        metrics: ["events"],
        dimensions: ["event:name"],
        limit: 10,
      }),
      widget("signups-over-time", "area", "Sign-ups", [0, 6, 6, 4], {
        metrics: ["metric:signups"],
      }),
      widget("events-by-name", "table", "Events", [6, 6, 6, 4], {
        dataset: "events",
        metrics: ["events", "visitors", "users"],
        dimensions: ["event:name"],
        limit: 50,
      }),
    ],
  },
};
