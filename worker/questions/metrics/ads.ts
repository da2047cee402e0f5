/**
 * Dataset `ads`: daily results of ads, as the ad platforms report them.
 * @module
 */
import { byName, type Dataset } from "./dataset";
import { amounts, count, metric, money, number, own, share, sum } from "./declare";
import { dayDimensions, utmDimensions } from "./dimensions";

const REPORTED =
  "reported by the platform under its own rules; several platforms can report the same conversion";

/** Daily results of ads on all platforms, in the project's currency. */
export const ads: Dataset = {
  name: "ads",
  label: "Ads",
  description:
    "Daily cost and results of ads, as reported by the platforms, in the project's currency at that day's rate. Days are " +
    "those of the ad account. Removed ads are excluded unless a filter or dimension uses ads:status.",
  lake: {
    levels: ["ads_campaigns", "ads_ads", "ads_keywords"],
    sums: ["ads_campaigns"],
    time: "calendar",
  },
  time: "date",
  unlessNamed: { dimension: "ads:status", value: "removed" },
  dimensions: byName([
    ...dayDimensions,
    own("ads:platform", "platform", "Platform", "Where the ads ran: google_ads, meta_ads, linkedin_ads."),
    own("ads:account", "account", "Ad account", "Name of the ad account."),
    own("ads:campaign", "campaign", "Campaign", "Current name of the campaign."),
    own("ads:ad_group", "ad_group", "Ad group", "Current name of the ad group or ad set."),
    own("ads:ad", "ad", "Ad", "Current name of the ad."),
    own("ads:creative", "creative", "Creative", "Name of the creative."),
    own("ads:keyword", "keyword", "Keyword", "Keyword of the bid; only platforms with keywords have rows."),
    own("ads:match_type", "match_type", "Match type", "How closely a search must match the keyword."),
    own(
      "ads:status",
      "status",
      "Status",
      "Current status: active, paused, archived or removed; the most restrictive of the ad and its parents.",
    ),
    own("ads:currency", "currency", "Account currency", "ISO 4217 code of the account's billing currency."),
    own("ads:account_id", "account_id", "Ad account id", "The platform's id of the ad account."),
    own("ads:campaign_id", "campaign_id", "Campaign id", "The platform's id of the campaign."),
    own("ads:ad_group_id", "ad_group_id", "Ad group id", "The platform's id of the ad group."),
    own("ads:ad_id", "ad_id", "Ad id", "The platform's id of the ad."),
    ...utmDimensions("of the ad's landing page; the campaign's name if the ad has none"),
  ]),
  numbers: byName([
    number("ads:impressions", "Impressions", "Impressions on a day.", {
      unit: "count",
      column: "impressions",
    }),
    number("ads:clicks", "Clicks", "Clicks on a day.", { unit: "count", column: "clicks" }),
    number("ads:spend", "Spend", "Cost of a day.", { unit: "currency", column: "spend" }),
    number("ads:conversions", "Platform-reported conversions", `Conversions of a day, ${REPORTED}.`, {
      unit: "count",
      column: "conversions",
    }),
    number("ads:value", "Platform-reported value", `Value of a day's conversions, ${REPORTED}.`, {
      unit: "currency",
      column: "value",
    }),
  ]),
  measures: {
    impressions: sum("impressions"),
    clicks: sum("clicks"),
    spend: amounts("spend"),
    conversions: sum("conversions"),
    value: amounts("value"),
    rows: { aggregate: { kind: "count" } },
  },
  metrics: byName([
    metric("impressions", "Impressions", "How often ads were shown, as counted by the platform.", {
      ...count("impressions"),
    }),
    metric("clicks", "Clicks", "Clicks on ads, as counted by the platform; not visits.", count("clicks")),
    metric(
      "spend",
      "Spend",
      "Cost of the ads, converted to the project's currency at each day's rate.",
      money({ measure: "spend" }, null),
    ),
    metric("conversions", "Platform-reported conversions", `Conversions ${REPORTED}.`, {
      unit: "count",
      format: "decimal",
      good: "up",
      value: { measure: "conversions" },
    }),
    metric(
      "value",
      "Platform-reported value",
      `Value of the conversions ${REPORTED}. Converted to the project's currency at each day's rate.`,
      money({ measure: "value" }, "up"),
    ),
    metric("ctr", "CTR", "Clicks as a share of impressions.", share(["clicks", "impressions"])),
    metric("cpc", "CPC", "Spend divided by clicks.", money({ ratio: ["spend", "clicks"] }, "down")),
    metric(
      "cpm",
      "CPM",
      "Spend per thousand impressions.",
      money({ ratio: ["spend", "impressions"], times: 1000 }, "down"),
    ),
    metric(
      "cpa",
      "CPA",
      "Spend divided by platform-reported conversions.",
      money({ ratio: ["spend", "conversions"] }, "down"),
    ),
    metric("roas", "ROAS", "Platform-reported value divided by spend.", {
      unit: "ratio",
      format: "decimal",
      good: "up",
      value: { ratio: ["value", "spend"] },
    }),
    metric("roi", "ROI", "Platform-reported value minus spend, as a share of spend.", {
      unit: "ratio",
      format: "percent",
      good: "up",
      value: { ratio: ["value", "spend"], less: "spend" },
    }),
  ]),
};
