/**
 * Template: comparison of ad platforms.
 * @module
 */
import type { DashboardTemplate } from "../../../../schema/wire/dashboard";
import { headline, widget } from "./build";
import { metricsNamed } from "./metrics";

const platform = ["ads:platform"];

export const channelComparison: DashboardTemplate = {
  id: "channel-comparison",
  metrics: metricsNamed("cost_per_signup"),
  content: {
    name: "Channel comparison",
    description:
      "Platforms by cost, by the results they report, and by the visits and sign-ups on your own pages.",
    range: "30d",
    compare: "previous",
    widgets: [
      headline("spend", "Spend", 0, { dataset: "ads", metrics: ["spend"] }),
      headline("clicks", "Clicks", 1, { dataset: "ads", metrics: ["clicks"] }),
      headline("cpc", "Cost per click", 2, { dataset: "ads", metrics: ["cpc"] }),
      headline("roas", "Platform-reported return on ad spend", 3, { dataset: "ads", metrics: ["roas"] }),
      widget("platforms", "table", "Reported by platforms", [0, 2, 12, 4], {
        dataset: "ads",
        metrics: [
          "spend",
          "impressions",
          "clicks",
          "ctr",
          "cpc",
          "cpm",
          "conversions",
          "value",
          "cpa",
          "roas",
        ],
        dimensions: platform,
      }),
      widget("spend-over-time", "stacked", "Spend", [0, 6, 6, 4], {
        dataset: "ads",
        metrics: ["spend"],
        dimensions: platform,
      }),
      widget("clicks-over-time", "line", "Clicks", [6, 6, 6, 4], {
        dataset: "ads",
        metrics: ["clicks"],
        dimensions: platform,
      }),
      widget("cpc-by-platform", "bar", "Cost per click", [0, 10, 4, 4], {
        dataset: "ads",
        metrics: ["cpc"],
        dimensions: platform,
      }),
      widget("ctr-by-platform", "bar", "CTR", [4, 10, 4, 4], {
        dataset: "ads",
        metrics: ["ctr"],
        dimensions: platform,
      }),
      widget("roas-by-platform", "bar", "Platform-reported return on ad spend", [8, 10, 4, 4], {
        dataset: "ads",
        metrics: ["roas"],
        dimensions: platform,
      }),
      widget("spend-by-source", "table", "Spend and clicks by UTM source", [0, 14, 4, 5], {
        dataset: "ads",
        metrics: ["spend", "clicks"],
        dimensions: ["visit:utm_source"],
      }),
      widget("sessions-by-source", "table", "Sessions by UTM source", [4, 14, 4, 5], {
        dataset: "sessions",
        metrics: ["sessions", "bounce_rate"],
        dimensions: ["visit:utm_source"],
        limit: 20,
      }),
      widget("cost-by-source", "table", "Cost per sign-up by UTM source", [8, 14, 4, 5], {
        metrics: ["metric:cost_per_signup"],
        dimensions: ["visit:utm_source"],
        limit: 20,
      }),
    ],
  },
};
