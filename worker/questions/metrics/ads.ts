/**
 * Dataset `ads`: what ads did on a day, as the platforms that showed them say.
 * @module
 */
import { byName, type Dataset } from "./dataset";
import { amounts, count, metric, money, number, own, share, sum } from "./declare";
import { dayDimensions, utmDimensions } from "./dimensions";

const CLAIM = "as the platform claims: by its own rules, which let several platforms claim the same one";

/** Days of ads over all platforms, in the project's currency. */
export const ads: Dataset = {
  name: "ads",
  label: "Ads",
  description:
    "What ads cost and brought on each day, as the platforms say, in the project's currency at that day's rate. Days are " +
    "those of the ad account. What a platform has removed is left out unless a filter or a dimension names ads:status.",
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
    own("ads:campaign", "campaign", "Campaign", "Name that the campaign has now."),
    own("ads:ad_group", "ad_group", "Ad group", "Name that the ad group, or ad set, has now."),
    own("ads:ad", "ad", "Ad", "Name that the ad has now."),
    own("ads:creative", "creative", "Creative", "What the ad shows, by its name."),
    own(
      "ads:keyword",
      "keyword",
      "Keyword",
      "Keyword that was bid on; only platforms with keywords have rows.",
    ),
    own("ads:match_type", "match_type", "Match type", "How close a search must come to the keyword."),
    own(
      "ads:status",
      "status",
      "Status",
      "What it is now: active, paused, archived or removed, the strongest of its own and its parents' statuses.",
    ),
    own("ads:currency", "currency", "Account currency", "ISO 4217 code of what the account is billed in."),
    own("ads:account_id", "account_id", "Ad account id", "The platform's id of the ad account."),
    own("ads:campaign_id", "campaign_id", "Campaign id", "The platform's id of the campaign."),
    own("ads:ad_group_id", "ad_group_id", "Ad group id", "The platform's id of the ad group."),
    own("ads:ad_id", "ad_id", "Ad id", "The platform's id of the ad."),
    ...utmDimensions("of the ad's landing page; the campaign's name where the ad says none"),
  ]),
  numbers: byName([
    number("ads:impressions", "Impressions", "Impressions on a day.", {
      unit: "count",
      column: "impressions",
    }),
    number("ads:clicks", "Clicks", "Clicks on a day.", { unit: "count", column: "clicks" }),
    number("ads:spend", "Spend", "Cost of a day.", { unit: "currency", column: "spend" }),
    number("ads:conversions", "Claimed conversions", `Conversions of a day, ${CLAIM}.`, {
      unit: "count",
      column: "conversions",
    }),
    number("ads:value", "Claimed value", `Worth of a day's conversions, ${CLAIM}.`, {
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
    metric("impressions", "Impressions", "How often ads were shown, as the platform counts.", {
      ...count("impressions"),
    }),
    metric("clicks", "Clicks", "Clicks on ads, as the platform counts; not visits.", count("clicks")),
    metric(
      "spend",
      "Spend",
      "What the ads cost, converted to the project's currency at each day's rate.",
      money({ measure: "spend" }, null),
    ),
    metric("conversions", "Claimed conversions", `Conversions ${CLAIM}.`, {
      unit: "count",
      format: "decimal",
      good: "up",
      value: { measure: "conversions" },
    }),
    metric(
      "value",
      "Claimed value",
      `Worth of the conversions ${CLAIM}; converted to the project's currency at each day's rate.`,
      money({ measure: "value" }, "up"),
    ),
    metric("ctr", "CTR", "Clicks as a share of impressions.", share(["clicks", "impressions"])),
    metric("cpc", "CPC", "Spend divided by clicks.", money({ ratio: ["spend", "clicks"] }, "down")),
    metric(
      "cpm",
      "CPM",
      "Spend for a thousand impressions.",
      money({ ratio: ["spend", "impressions"], times: 1000 }, "down"),
    ),
    metric(
      "cpa",
      "CPA",
      "Spend divided by conversions as the platform claims them.",
      money({ ratio: ["spend", "conversions"] }, "down"),
    ),
    metric("roas", "ROAS", "Claimed value divided by spend: what each unit of money spent brings.", {
      unit: "ratio",
      format: "decimal",
      good: "up",
      value: { ratio: ["value", "spend"] },
    }),
    metric("roi", "ROI", "Claimed value less spend, as a share of spend.", {
      unit: "ratio",
      format: "percent",
      good: "up",
      value: { ratio: ["value", "spend"], less: "spend" },
    }),
  ]),
};
