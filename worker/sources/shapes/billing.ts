/**
 * The common shape of billing systems.
 * @module
 */

/** Status of a subscription, as Stripe names them. */
export const SUBSCRIPTION_STATUSES = [
  "incomplete",
  "incomplete_expired",
  "trialing",
  "active",
  "past_due",
  "canceled",
  "unpaid",
  "paused",
] as const;

/** A customer. */
export interface Customer {
  customer_id: string;
  email_hash: string | null;
  country: string | null;
}

/** The current state of a subscription. Times are epoch ms. */
export interface Subscription {
  subscription_id: string;
  customer_id: string;
  started_at: number;
  product_id: string | null;
  price_id: string | null;
  interval: string | null;
  status: string;
  quantity: number;
  /** ISO 4217. */
  currency: string;
  mrr_minor: number;
  trial_started_at: number | null;
  trial_ended_at: number | null;
  canceled_at: number | null;
  ended_at: number | null;
}

/** Display name of a product or price. */
export interface Named {
  id: string;
  name: string;
}
