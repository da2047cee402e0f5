/**
 * Metric templates. They use common names of events and properties, which can be replaced.
 * @module
 */
import type { MetricDefinition, MetricTemplate } from "../../../../schema/wire/metric";
import { mentionedIn } from "../../../questions/metrics";

type MetricSpec = Pick<MetricDefinition, "name" | "label" | "description" | "rule"> &
  Partial<Pick<MetricDefinition, "format" | "good">>;

const defined = (spec: MetricSpec): MetricTemplate => ({
  good: "up",
  ...spec,
  needs: mentionedIn(spec.rule),
});

const formula = (text: string) => ({ kind: "formula", formula: text }) as const;
const named = (name: string) => ({ dimension: "event:name", op: "eq", value: name }) as const;
const rows = (event: string) =>
  ({ kind: "aggregate", dataset: "events", aggregation: "count", filters: named(event) }) as const;
const amount = (aggregation: "sum" | "average" | "median") =>
  ({
    kind: "aggregate",
    dataset: "events",
    aggregation,
    field: "property:amount",
    filters: named("purchase"),
    unit: "currency:USD",
  }) as const;

/** All metric templates; those used by others come first. */
export const METRIC_TEMPLATES: readonly MetricTemplate[] = [
  defined({
    name: "signups",
    label: "Sign-ups",
    description: "Events named signup.",
    rule: rows("signup"),
  }),
  defined({
    name: "signup_rate",
    label: "Sign-up rate",
    description: "Sign-ups as a share of visitors.",
    rule: formula("signups / events.visitors"),
  }),
  defined({
    name: "purchases",
    label: "Purchases",
    description: "Events named purchase.",
    rule: rows("purchase"),
  }),
  defined({
    name: "conversion_rate",
    label: "Conversion rate",
    description: "Purchases as a share of sessions.",
    rule: formula("purchases / sessions.sessions"),
  }),
  defined({
    name: "revenue",
    label: "Revenue",
    description: "Sum of the property amount of purchases.",
    rule: amount("sum"),
  }),
  defined({
    name: "revenue_per_visitor",
    label: "Revenue per visitor",
    description: "Revenue divided by visitors, whether they bought or not.",
    rule: formula("revenue / events.visitors"),
  }),
  defined({
    name: "average_order_value",
    label: "Average order value",
    description: "Average of the property amount of purchases.",
    rule: amount("average"),
  }),
  defined({
    name: "median_order_value",
    label: "Median order value",
    description: "Half of the purchases had a smaller amount.",
    rule: amount("median"),
  }),
  defined({
    name: "pages_per_session",
    label: "Pages per session",
    description: "Page views divided by sessions.",
    rule: formula("sessions.pageviews / sessions.sessions"),
    format: "decimal",
  }),
  defined({
    name: "pages_per_visitor",
    label: "Pages per visitor",
    description: "Page views divided by visitors.",
    rule: formula("events.pageviews / events.visitors"),
    format: "decimal",
  }),
  defined({
    name: "events_per_visitor",
    label: "Events per visitor",
    description: "Events of every name divided by visitors.",
    rule: formula("events.events / events.visitors"),
    format: "decimal",
  }),
  defined({
    name: "sessions_per_visitor",
    label: "Sessions per visitor",
    description: "Sessions divided by visitors. An anonymous visitor counts as a new one each day.",
    rule: formula("sessions.sessions / sessions.visitors"),
    format: "decimal",
  }),
  defined({
    name: "bounce_share",
    label: "Bounces",
    description: "Sessions with one page view and little time on it, as a share of all.",
    rule: formula("sessions.bounces / sessions.sessions"),
    good: "down",
  }),
  defined({
    name: "engaged_share",
    label: "Engaged sessions",
    description: "Sessions that did not bounce, as a share of all.",
    rule: formula("1 - sessions.bounces / sessions.sessions"),
  }),
  defined({
    name: "identified_share",
    label: "Identified visitors",
    description: "Visitors with an identify event, as a share of all.",
    rule: formula("events.users / events.visitors"),
  }),
  defined({
    name: "load_time_p95",
    label: "Load time, 95th percentile",
    description: "95 of 100 events with the property load_ms had a smaller one.",
    rule: {
      kind: "aggregate",
      dataset: "events",
      aggregation: "p95",
      field: "property:load_ms",
      unit: "ms",
    },
    good: "down",
  }),
  defined({
    name: "ctr",
    label: "CTR",
    description: "Clicks on ads as a share of how often they were shown.",
    rule: formula("ads.clicks / ads.impressions"),
  }),
  defined({
    name: "cpc",
    label: "Cost per click",
    description: "Spend on ads divided by clicks.",
    rule: formula("ads.spend / ads.clicks"),
    good: "down",
  }),
  defined({
    name: "cpm",
    label: "Cost per thousand impressions",
    description: "Spend on ads per thousand impressions.",
    rule: formula("1000 * ads.spend / ads.impressions"),
    good: "down",
  }),
  defined({
    name: "cpa",
    label: "Cost per platform-reported conversion",
    description: "Spend divided by platform-reported conversions.",
    rule: formula("ads.spend / ads.conversions"),
    good: "down",
  }),
  defined({
    name: "roas",
    label: "Platform-reported return on ad spend",
    description: "Platform-reported value for each unit of money spent.",
    rule: formula("ads.value / ads.spend"),
    format: "decimal",
  }),
  defined({
    name: "roi",
    label: "Platform-reported return on investment",
    description: "Platform-reported value minus spend, as a share of spend.",
    rule: formula("(ads.value - ads.spend) / ads.spend"),
  }),
  defined({
    name: "cost_per_signup",
    label: "Cost per sign-up",
    description: "Spend on ads divided by sign-ups that your own events counted, wherever they came from.",
    rule: formula("ads.spend / signups"),
    good: "down",
  }),
  defined({
    name: "blended_cac",
    label: "Blended cost per new customer",
    description:
      "Spend on all ads divided by customers whose first subscriptions started, wherever they came from.",
    rule: formula("ads.spend / subscriptions.customers"),
    good: "down",
  }),
];

/** The definitions of these templates and of the templates they use, dependencies first. */
export function metricsNamed(...names: string[]): MetricDefinition[] {
  const wanted = new Set(names);
  for (const { name, needs } of METRIC_TEMPLATES.toReversed()) {
    if (wanted.has(name)) for (const need of needs) wanted.add(need);
  }
  return METRIC_TEMPLATES.filter(({ name }) => wanted.has(name)).map(
    ({ needs: _, ...definition }) => definition,
  );
}
