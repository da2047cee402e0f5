/**
 * Expected contents of synced tables of Stripe, computed from the stand-in's truth.
 * @module
 */
import type { StripeObject } from "../../../demo/vendors/stripe/objects.ts";
import type { StripeTruth } from "../../../demo/vendors/stripe/world.ts";

type Fields = Record<string, unknown>;
const fieldsOf = (value: unknown): Fields =>
  typeof value === "object" && value !== null ? Object.fromEntries(Object.entries(value)) : {};
const pick = (value: unknown, ...names: string[]): Fields => {
  const fields = fieldsOf(value);
  return Object.fromEntries(names.map((name) => [name, fields[name]]));
};

const price = (value: Fields): Fields => ({
  ...pick(value, "currency", "unit_amount", "unit_amount_decimal"),
  ...pick(value.recurring, "interval", "interval_count", "usage_type"),
});
const item = (value: unknown): Fields => {
  const own = fieldsOf(fieldsOf(value).price);
  return {
    ...pick(value, "id", "quantity", "current_period_start", "current_period_end"),
    ...price(own),
    price: own.id,
    product: own.product,
  };
};

const MAKE: Record<keyof StripeTruth, (own: StripeObject) => Fields> = {
  customers: (own) => ({
    ...pick(own, "id", "created", "currency", "name", "email", "description", "delinquent", "metadata"),
    country: null,
  }),
  products: (own) => pick(own, "id", "created", "updated", "active", "name", "description", "metadata"),
  prices: (own) => ({
    ...pick(own, "id", "created", "active", "product", "nickname", "type", "billing_scheme"),
    ...price(own),
  }),
  subscriptions: (own) => ({
    ...pick(own, "id", "customer", "status", "currency", "created", "start_date", "trial_start", "trial_end"),
    ...pick(
      own,
      "cancel_at",
      "cancel_at_period_end",
      "canceled_at",
      "ended_at",
      "latest_invoice",
      "metadata",
    ),
    items: Object.values(fieldsOf(fieldsOf(own.items).data)).map(item),
  }),
  invoices: (own) => ({
    ...pick(own, "id", "customer", "number", "status", "billing_reason", "currency", "subtotal", "total"),
    ...pick(own, "amount_due", "amount_paid", "amount_remaining", "created", "period_start", "period_end"),
    ...pick(own, "due_date"),
    ...pick(own.status_transitions, "finalized_at", "paid_at", "voided_at", "marked_uncollectible_at"),
    subscription: fieldsOf(fieldsOf(own.parent).subscription_details).subscription,
  }),
  charges: (own) => ({
    ...pick(own, "id", "customer", "payment_intent", "status", "currency", "amount", "amount_captured"),
    ...pick(own, "amount_refunded", "paid", "captured", "refunded", "failure_code", "created"),
  }),
};

/** The expected records of a stream by key; there are no days. */
export function expected(truth: StripeTruth, stream: string): Map<string, Fields> {
  const found = Object.entries(MAKE).find(([name]) => name === stream);
  const objects = Object.entries(truth).find(([name]) => name === stream);
  if (!found || !objects) throw new Error(`stripe has no stream ${stream}`);
  return new Map(objects[1].map((own) => [own.id, found[1](own)]));
}
