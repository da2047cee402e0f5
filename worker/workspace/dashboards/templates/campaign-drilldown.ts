/**
 * Template: campaigns, ads and keywords.
 * @module
 */
import type { DashboardTemplate } from "../../../../schema/wire/dashboard";
import { headline, widget } from "./build";
import { metricsNamed } from "./metrics";

const table = ["spend", "clicks", "ctr", "conversions", "cpa"];

export const campaignDrilldown: DashboardTemplate = {
  id: "campaign-drilldown",
  metrics: metricsNamed("cost_per_signup"),
  content: {
    name: "Campaign drill-down",
    description: "Campaigns, ad groups, ads and keywords, with their cost and results.",
    range: "30d",
    compare: "previous",
    widgets: [
      headline("spend", "Spend", 0, { dataset: "ads", metrics: ["spend"] }),
      headline("clicks", "Clicks", 1, { dataset: "ads", metrics: ["clicks"] }),
      headline("ctr", "CTR", 2, { dataset: "ads", metrics: ["ctr"] }),
      headline("cpa", "Cost per platform-reported conversion", 3, { dataset: "ads", metrics: ["cpa"] }),
      widget("spend-over-time", "stacked", "Spend by campaign", [0, 2, 12, 4], {
        dataset: "ads",
        metrics: ["spend"],
        dimensions: ["ads:campaign"],
        limit: 8,
      }),
      widget("campaigns", "table", "Campaigns, reported by platforms", [0, 6, 12, 6], {
        dataset: "ads",
        metrics: table,
        dimensions: ["ads:platform", "ads:campaign"],
        limit: 100,
      }),
      widget("ad-groups", "table", "Ad groups", [0, 12, 12, 6], {
        dataset: "ads",
        metrics: table,
        dimensions: ["ads:campaign", "ads:ad_group"],
        limit: 100,
      }),
      widget("ads", "table", "Ads", [0, 18, 12, 6], {
        dataset: "ads",
        metrics: table,
        dimensions: ["ads:ad", "ads:creative"],
        limit: 100,
      }),
      widget("keywords", "table", "Keywords", [0, 24, 6, 6], {
        dataset: "ads",
        metrics: ["spend", "clicks", "cpc"],
        dimensions: ["ads:keyword", "ads:match_type"],
        limit: 50,
      }),
      widget("cost-by-campaign", "table", "Cost per sign-up by UTM campaign", [6, 24, 6, 6], {
        metrics: ["metric:cost_per_signup"],
        dimensions: ["visit:utm_campaign"],
        limit: 50,
      }),
    ],
  },
};
