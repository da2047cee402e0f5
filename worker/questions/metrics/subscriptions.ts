/**
 * Dataset `subscriptions`: one row per subscription of a billing system, in its current state.
 * @module
 */
import { byName, type Dataset, type Measure } from "./dataset";
import { amounts, count, metric, money, number, own, share } from "./declare";
import { timeDimensions } from "./dimensions";

const inStatus = (value: string): Measure => ({
  aggregate: { kind: "count", where: { column: "status", value } },
});

/** Subscriptions, counted at the time they started. */
export const subscriptions: Dataset = {
  name: "subscriptions",
  label: "Subscriptions",
  description:
    "Subscriptions of the billing system in their current state, counted at the time they started. Amounts are in the " +
    "project's currency.",
  lake: { levels: ["subscriptions"], sums: [], time: "instant" },
  time: "started_at",
  dimensions: byName([
    ...timeDimensions,
    own(
      "subscriptions:status",
      "status",
      "Status",
      "Current status in the billing system: active, trialing, past_due, canceled and so on.",
    ),
    own("subscriptions:product", "product", "Product", "Product of the subscription."),
    own("subscriptions:price", "price", "Price", "Name of the price."),
    own("subscriptions:interval", "interval", "Interval", "Billing interval: day, week, month or year."),
    own("subscriptions:country", "country", "Country", "Country of the customer, ISO 3166 code."),
    own("subscriptions:currency", "currency", "Currency", "ISO 4217 code of the billing currency."),
    own("subscriptions:customer", "customer_id", "Customer", "The billing system's id of the customer."),
    own(
      "subscriptions:id",
      "subscription_id",
      "Subscription",
      "The billing system's id of the subscription.",
    ),
  ]),
  numbers: byName([
    number("subscriptions:mrr", "MRR", "Monthly revenue of the subscription; 0 once it has ended.", {
      unit: "currency",
      column: "mrr",
    }),
    number("subscriptions:quantity", "Quantity", "Units that are subscribed to.", {
      unit: "count",
      column: "quantity",
    }),
    number("subscriptions:lifetime_ms", "Lifetime", "Time between start and end; empty while it continues.", {
      unit: "ms",
      column: "ended_at",
      less: "started_at",
    }),
  ]),
  measures: {
    subscriptions: { aggregate: { kind: "count" } },
    customers: { aggregate: { kind: "field", field: "subscriptions:customer", take: "unique" } },
    active: inStatus("active"),
    canceled: inStatus("canceled"),
    mrr: amounts("mrr"),
  },
  metrics: byName([
    metric("subscriptions", "Subscriptions", "Subscriptions that started.", count("subscriptions")),
    metric("customers", "Customers", "Distinct customers whose subscriptions started.", count("customers")),
    metric(
      "active",
      "Active",
      "Subscriptions that started in the range and are active now.",
      count("active"),
    ),
    metric("canceled", "Canceled", "Subscriptions that started in the range and are canceled now.", {
      ...count("canceled"),
      good: "down",
    }),
    metric(
      "canceled_rate",
      "Canceled share",
      "Canceled subscriptions as a share of those that started.",
      share(["canceled", "subscriptions"], "down"),
    ),
    metric(
      "mrr",
      "MRR",
      "Current monthly revenue of the subscriptions that started in the range, converted to the project's currency.",
      money({ measure: "mrr" }, "up"),
    ),
  ]),
};
