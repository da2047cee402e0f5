/**
 * The declarations of the marts.
 * @module
 */

import { type ColumnSpec, DATASETS } from "../../../pipeline/lake";
import { AD_STATUSES } from "../../shapes/ads";
import { SUBSCRIPTION_STATUSES } from "../../shapes/billing";
import { modelsOfKind } from "../drivers";
import type { MartDataset } from "../store";
import * as meanings from "./descriptions";
import type { Column, DeclaredModel, Test } from "./model";

const TYPES: Record<ColumnSpec["type"], string> = {
  dictionary: "text",
  text: "text",
  json: "json",
  timestamp: "time",
  int32: "integer",
  int64: "integer",
  double: "number",
  boolean: "boolean",
};
/** Upper limit of a campaign's daily spend; a larger value means a wrong unit. */
const MOST_SPEND = 100_000;
const MOST = 1e12;

function columnsOf(
  dataset: MartDataset,
  known: Readonly<Record<string, meanings.ColumnDescription>>,
): Column[] {
  return Object.entries(DATASETS[dataset].columns).map(([name, { type, nullable }]) => {
    const [meaning = "", unit = null] = known[name] ?? [];
    return { name, type: TYPES[type], nullable, unit, meaning };
  });
}

function mart(
  dataset: MartDataset,
  known: Readonly<Record<string, meanings.ColumnDescription>>,
  given: Pick<DeclaredModel, "description" | "key" | "from"> & { tests: Test[] },
): DeclaredModel {
  const columns = columnsOf(dataset, known);
  const notNull = columns
    .filter(({ nullable }) => !nullable)
    .map(({ name }): Test => ({ kind: "not_null", column: name }));
  const unique: Test = { kind: "unique", columns: given.key };
  return {
    name: dataset,
    dataset,
    layer: "mart",
    ...given,
    columns,
    tests: [unique, ...given.tests, ...notNull],
  };
}

const platforms = modelsOfKind("ads");
const crms = modelsOfKind("crm");
const billingSystems = modelsOfKind("billing");
const keywordPlatforms = platforms.filter(([, { platform }]) => platform.keywords);
/** Names of upstream models of all drivers of a kind. */
const fromEach = (drivers: readonly (readonly [string, object])[], ...models: string[]): string[] =>
  drivers.flatMap(([driver]) => models.map((model) => `${driver}/${model}`));
const currency: Test = { kind: "matches", column: "currency", pattern: /^[A-Z]{3}$/ };
const MEASURES = ["impressions", "clicks", "spend_minor", "conversions", "value_minor"];
const adTests: Test[] = [
  { kind: "accepted", column: "platform", values: platforms.map(([name]) => name) },
  { kind: "accepted", column: "status", values: AD_STATUSES },
  currency,
  { kind: "range", column: "impressions", min: 0, max: MOST },
  { kind: "range", column: "clicks", min: 0, max: MOST },
  { kind: "range", column: "spend", min: 0, max: MOST_SPEND },
  { kind: "range", column: "spend_minor", min: 0, max: MOST },
  { kind: "range", column: "conversions", min: 0, max: MOST },
  { kind: "at_most", column: "clicks", other: "impressions" },
];
const adKey = ["date", "source_id", "account_id", "campaign_id"];

/** Every mart. */
export const marts: readonly DeclaredModel[] = [
  mart("ads_campaigns", meanings.adsCampaigns, {
    description: "Performance by campaign and day, summed from ads.",
    key: [...adKey, "status", "utm_source", "utm_medium", "utm_campaign"],
    from: ["ads_ads"],
    tests: [...adTests, { kind: "sums", columns: MEASURES, to: "ads_ads" }],
  }),
  mart("ads_ads", meanings.ads, {
    description: "Performance by ad and day.",
    key: [...adKey, "ad_group_id", "ad_id"],
    from: [...fromEach(platforms, "ad_days", "ad_objects"), "rates"],
    tests: [
      ...adTests,
      { kind: "sums", columns: MEASURES, to: "records" },
      { kind: "relation", column: "campaign_id", to: "ads_campaigns" },
    ],
  }),
  mart("ads_keywords", meanings.adsKeywords, {
    description:
      "Performance by keyword and day. Ads with other targeting are missing, so totals are lower than those of ads_ads.",
    key: [...adKey, "ad_group_id", "keyword_id"],
    from: [...fromEach(keywordPlatforms, "keyword_days", "ad_objects"), "rates"],
    tests: [
      ...adTests,
      { kind: "accepted", column: "match_type", values: ["exact", "phrase", "broad"] },
      { kind: "relation", column: "campaign_id", to: "ads_campaigns" },
    ],
  }),
  mart("deals", meanings.deals, {
    description: "Current state of the deals in the CRM.",
    key: ["source_id", "deal_id"],
    from: [...fromEach(crms, "deals", "pipelines", "contacts"), "rates"],
    tests: [currency],
  }),
  mart("subscriptions", meanings.subscriptions, {
    description: "Current state of the subscriptions in the billing system.",
    key: ["source_id", "subscription_id"],
    from: [...fromEach(billingSystems, "subscriptions", "customers", "products", "prices"), "rates"],
    tests: [
      currency,
      { kind: "accepted", column: "status", values: SUBSCRIPTION_STATUSES },
      { kind: "accepted", column: "interval", values: ["day", "week", "month", "year"] },
      { kind: "range", column: "mrr_minor", min: 0, max: MOST },
      { kind: "range", column: "quantity", min: 0, max: MOST },
    ],
  }),
  mart("contacts", meanings.contacts, {
    description: "Current state of the contacts in the CRM.",
    key: ["source_id", "contact_id"],
    from: fromEach(crms, "contacts"),
    tests: [{ kind: "matches", column: "email_hash", pattern: /^[0-9a-f]{64}$/ }],
  }),
  mart("tables", meanings.tables, {
    description: "Current rows of generic sources, under the table names of their mappings.",
    key: ["source_id", "key"],
    from: modelsOfKind("tables").map(([driver]) => `${driver}.records`),
    tests: [{ kind: "matches", column: "table", pattern: /^[a-z][a-z0-9_]{0,62}$/ }],
  }),
];
