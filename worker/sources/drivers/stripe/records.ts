/**
 * Records of Stripe's streams, in the shape of version 2026-07-29.dahlia with flattened fields. Times are epoch **seconds**
 * and amounts are integers in minor units of the currency, as returned by Stripe; currencies are ISO 4217 in lower case. A
 * zero-decimal currency (`jpy`) has no smaller unit: its amounts are not divided by 100.
 */
import { z } from "zod";
import { SUBSCRIPTION_STATUSES } from "../../shapes/billing";

const seconds = z.number().int();
const minor = z.number().int();
const currency = z.string().length(3);
const metadata = z.record(z.string(), z.string());

/** Stream `customers`, key `id`. Deleted customers are removed. */
export const stripeCustomerSchema = z.object({
  id: z.string(),
  created: seconds,
  /** Currency of its invoices; null before the first. */
  currency: currency.nullable(),
  name: z.string().nullable(),
  email: z.string().nullable(),
  description: z.string().nullable(),
  delinquent: z.boolean().nullable(),
  /** ISO 3166-1 alpha-2, of its billing address. */
  country: z.string().nullable(),
  /** Metadata set by the shop, often `utm_source`, `utm_medium`, `utm_campaign`, `country` and its own id. */
  metadata,
});

/** Stream `products`, key `id`. Archived ones are not `active`. */
export const stripeProductSchema = z.object({
  id: z.string(),
  created: seconds,
  updated: seconds,
  active: z.boolean(),
  name: z.string(),
  description: z.string().nullable(),
  metadata,
});

export const STRIPE_INTERVALS = ["day", "week", "month", "year"] as const;

const priceFields = {
  currency,
  /** For one unit and one period; null for tiered prices or fractions of the minor unit. */
  unit_amount: minor.nullable(),
  /** The same as text, with up to 12 decimals; null with tiers. */
  unit_amount_decimal: z.string().nullable(),
  /** Billing period: every `interval_count` `interval`s; null for a one-time price. */
  interval: z.enum(STRIPE_INTERVALS).nullable(),
  interval_count: z.number().int().nullable(),
  /** `licensed` has a quantity, `metered` a usage that only the invoice reports; null for a one-time price. */
  usage_type: z.string().nullable(),
};

/** Stream `prices`, key `id`. Archived ones are not `active`. */
export const stripePriceSchema = z.object({
  id: z.string(),
  created: seconds,
  active: z.boolean(),
  product: z.string(),
  nickname: z.string().nullable(),
  /** `recurring` or `one_time`. */
  type: z.string(),
  billing_scheme: z.string(),
  ...priceFields,
});

/** A subscription's item: a quantity of a price. */
export const stripeSubscriptionItemSchema = z.object({
  id: z.string(),
  price: z.string(),
  product: z.string(),
  /** Null for metered prices. */
  quantity: z.number().int().nullable(),
  ...priceFields,
  current_period_start: seconds,
  current_period_end: seconds,
});
export type StripeSubscriptionItem = z.infer<typeof stripeSubscriptionItemSchema>;

/** Stream `subscriptions`, key `id`, including canceled ones, with `ended_at`. */
export const stripeSubscriptionSchema = z.object({
  id: z.string(),
  customer: z.string(),
  status: z.enum(SUBSCRIPTION_STATUSES),
  currency,
  created: seconds,
  start_date: seconds,
  trial_start: seconds.nullable(),
  trial_end: seconds.nullable(),
  cancel_at: seconds.nullable(),
  cancel_at_period_end: z.boolean(),
  canceled_at: seconds.nullable(),
  /** When it ended; null before. */
  ended_at: seconds.nullable(),
  latest_invoice: z.string().nullable(),
  metadata,
  items: z.array(stripeSubscriptionItemSchema),
});

/** Stream `invoices`, key `id`. Drafts that are deleted are removed. */
export const stripeInvoiceSchema = z.object({
  id: z.string(),
  customer: z.string().nullable(),
  /** Null for an invoice without a subscription. */
  subscription: z.string().nullable(),
  number: z.string().nullable(),
  status: z.enum(["draft", "open", "paid", "uncollectible", "void"]).nullable(),
  billing_reason: z.string().nullable(),
  currency,
  subtotal: minor,
  /** After discounts and taxes. */
  total: minor,
  amount_due: minor,
  amount_paid: minor,
  amount_remaining: minor,
  created: seconds,
  period_start: seconds,
  period_end: seconds,
  due_date: seconds.nullable(),
  finalized_at: seconds.nullable(),
  paid_at: seconds.nullable(),
  voided_at: seconds.nullable(),
  marked_uncollectible_at: seconds.nullable(),
});

/** Stream `charges`, key `id`. Received money is `amount_captured` minus `amount_refunded` of those that `succeeded`. */
export const stripeChargeSchema = z.object({
  id: z.string(),
  customer: z.string().nullable(),
  payment_intent: z.string().nullable(),
  status: z.enum(["succeeded", "pending", "failed"]),
  currency,
  amount: minor,
  amount_captured: minor,
  amount_refunded: minor,
  paid: z.boolean(),
  captured: z.boolean(),
  /** Whether it was fully refunded. */
  refunded: z.boolean(),
  failure_code: z.string().nullable(),
  created: seconds,
});
