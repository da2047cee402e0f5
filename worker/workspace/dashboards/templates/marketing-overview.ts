/**
 * Template: cost and results of marketing.
 * @module
 */
import type { DashboardTemplate } from "../../../../schema/wire/dashboard";
import { headline, widget, words } from "./build";
import { metricsNamed } from "./metrics";

const REPORTED = `**Platform-reported** conversions and value follow each platform's own rules; several platforms can report the same conversion. **Sign-ups**, **deals** and **customers** are counted from your events, your CRM and your billing.`;

export const marketingOverview: DashboardTemplate = {
  id: "marketing-overview",
  metrics: metricsNamed("cost_per_signup", "blended_cac"),
  content: {
    name: "Marketing overview",
    description: "Cost of ads on every platform, beside sign-ups, deals and customers from your own data.",
    range: "30d",
    compare: "previous",
    widgets: [
      headline("spend", "Spend", 0, { dataset: "ads", metrics: ["spend"] }),
      headline("signups", "Sign-ups", 1, { metrics: ["metric:signups"] }),
      headline("cost-per-signup", "Cost per sign-up", 2, { metrics: ["metric:cost_per_signup"] }),
      headline("blended-cac", "Cost per new customer", 3, { metrics: ["metric:blended_cac"] }),
      widget("spend-over-time", "stacked", "Spend by platform", [0, 2, 8, 4], {
        dataset: "ads",
        metrics: ["spend"],
        dimensions: ["ads:platform"],
      }),
      widget("cost-over-time", "line", "Cost per sign-up", [8, 2, 4, 4], {
        metrics: ["metric:cost_per_signup"],
      }),
      widget("platforms", "table", "Reported by platforms", [0, 6, 12, 3], {
        dataset: "ads",
        metrics: ["spend", "clicks", "ctr", "cpc", "conversions", "roas"],
        dimensions: ["ads:platform"],
      }),
      widget("campaigns", "bar", "Spend by campaign", [0, 9, 6, 5], {
        dataset: "ads",
        metrics: ["spend"],
        dimensions: ["ads:campaign"],
        limit: 10,
      }),
      widget("signups-by-campaign", "bar", "Sign-ups by UTM campaign", [6, 9, 6, 5], {
        metrics: ["metric:signups"],
        dimensions: ["visit:utm_campaign"],
        limit: 10,
      }),
      widget("won", "number", "Won deals", [0, 14, 3, 2], { dataset: "deals", metrics: ["won"] }),
      widget("won-amount", "number", "Won amount", [3, 14, 3, 2], {
        dataset: "deals",
        metrics: ["won_amount"],
      }),
      widget("customers", "number", "New customers", [6, 14, 3, 2], {
        dataset: "subscriptions",
        metrics: ["customers"],
      }),
      widget("mrr", "number", "New MRR", [9, 14, 3, 2], { dataset: "subscriptions", metrics: ["mrr"] }),
      words("reported", "How to read this", [0, 16, 12, 2], REPORTED),
    ],
  },
};
