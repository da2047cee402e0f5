/**
 * Converts Stripe records to common shapes: seconds become milliseconds, prices become monthly revenue.
 * @module
 */

import type { Customer, Subscription } from "../../shapes/billing";
import { minorDigits } from "../../shapes/currency";
import { staged } from "../../shapes/staged";
import { emailHash } from "../../shapes/values";
import {
  type StripeSubscriptionItem,
  stripeCustomerSchema,
  stripePriceSchema,
  stripeProductSchema,
  stripeSubscriptionSchema,
} from "./records";

/** Statuses with recurring revenue. */
const RECURRING = new Set(["active", "past_due"]);
/** Months per interval: a year has 365.25 days. */
const MONTHS = { day: 12 / 365.25, week: (12 * 7) / 365.25, month: 1, year: 12 } as const;
/**
 * Decimals of Stripe's own amounts where they differ from ISO 4217 (Currencies › Special cases): it counts ISK and UGX in
 * hundredths, and MGA whole.
 */
const STRIPE_DIGITS: Record<string, number> = { ISK: 2, UGX: 2, MGA: 0 };

/**
 * Monthly revenue of an item, in Stripe's minor units; metered prices count as 0, because only the invoice has their amount.
 */
function monthlyOf({ unit_amount, unit_amount_decimal, interval, ...item }: StripeSubscriptionItem): number {
  const amount = unit_amount ?? Number(unit_amount_decimal ?? 0);
  if (interval === null || item.usage_type === "metered") return 0;
  return (amount * (item.quantity ?? 1)) / (MONTHS[interval] * (item.interval_count ?? 1));
}

const msOf = (seconds: number | null): number | null => (seconds === null ? null : seconds * 1000);

export const customers = staged(
  "customers",
  stripeCustomerSchema,
  (record): Customer => ({
    customer_id: record.id,
    email_hash: emailHash(record.email),
    country: record.country ?? record.metadata.country ?? null,
  }),
);

export const subscriptions = staged("subscriptions", stripeSubscriptionSchema, (record): Subscription => {
  const [first] = record.items;
  const currency = record.currency.toUpperCase();
  const monthly = RECURRING.has(record.status)
    ? record.items.reduce((sum, item) => sum + monthlyOf(item), 0)
    : 0;
  const digits = minorDigits(currency);
  return {
    subscription_id: record.id,
    customer_id: record.customer,
    started_at: record.start_date * 1000,
    product_id: first?.product ?? null,
    price_id: first?.price ?? null,
    interval: first?.interval ?? null,
    status: record.status,
    quantity: record.items.reduce((sum, { quantity }) => sum + (quantity ?? 0), 0),
    currency,
    mrr_minor: monthly * 10 ** (digits - (STRIPE_DIGITS[currency] ?? digits)),
    trial_started_at: msOf(record.trial_start),
    trial_ended_at: msOf(record.trial_end),
    canceled_at: msOf(record.canceled_at),
    ended_at: msOf(record.ended_at),
  };
});

export const products = staged("products", stripeProductSchema, ({ id, name }) => ({ id, name }));
export const prices = staged("prices", stripePriceSchema, ({ id, nickname }) => ({
  id,
  name: nickname ?? id,
}));
