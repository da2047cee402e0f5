/**
 * Stripe's objects at a time, in the format of version 2026-07-29.dahlia: billing periods are on subscription
 * items ("Adds subscription item-level billing periods", 2025-03-31.basil) and an invoice names its subscription in
 * `parent.subscription_details`. Times are epoch seconds; amounts are minor units.
 * @module
 */
import type { Customer, Invoice, Price, Product, Subscription } from "../company/billing.ts";
import { planAt } from "../company/billing.ts";

/** The streams that can be listed, as in `/v1/<stream>`. */
export const STRIPE_STREAMS = [
  "customers",
  "products",
  "prices",
  "subscriptions",
  "invoices",
  "charges",
] as const;
/** One of them. */
export type StripeStream = (typeof STRIPE_STREAMS)[number];

/** Any of Stripe's objects, with the fields that the stand-in's paths read. */
export type StripeObject = { id: string; object: string; created: number } & Record<string, unknown>;

/** A manual refund: part of a charge, and when. */
export interface Refund {
  at: number;
  amount: number;
}

/** Epoch seconds, as in Stripe's API. */
export const seconds = (ms: number) => Math.floor(ms / 1_000);

/** A customer; campaign tags are in its metadata, set by the company's checkout. */
export function customerObject({ id, createdAt, person }: Customer): StripeObject {
  const { source, medium, campaign } = person.campaign?.utm ?? {};
  const tags = source ? { utm_source: source, utm_medium: medium, utm_campaign: campaign } : {};
  return {
    id,
    object: "customer",
    address: null,
    balance: 0,
    created: seconds(createdAt),
    currency: person.currency.toLowerCase(),
    default_source: null,
    delinquent: false,
    description: person.company.name,
    email: person.email,
    livemode: false,
    metadata: { signup_id: person.id, country: person.country, ...tags },
    name: `${person.firstName} ${person.lastName}`,
    phone: null,
  };
}

/** A product; archived ones are not `active`. */
export function productObject({ id, name, createdAt }: Product, archivedAt?: number): StripeObject {
  return {
    id,
    object: "product",
    active: archivedAt === undefined,
    created: seconds(createdAt),
    default_price: null,
    description: null,
    images: [],
    livemode: false,
    metadata: {},
    name,
    type: "service",
    updated: seconds(archivedAt ?? createdAt),
    url: null,
  };
}

/** A price; archived ones are not `active`. */
export function priceObject(price: Price, archivedAt?: number): StripeObject {
  return {
    id: price.id,
    object: "price",
    active: archivedAt === undefined,
    billing_scheme: "per_unit",
    created: seconds(price.createdAt),
    currency: price.currency,
    livemode: false,
    lookup_key: null,
    metadata: {},
    nickname: null,
    product: price.product.id,
    recurring: {
      interval: price.interval,
      interval_count: 1,
      trial_period_days: null,
      usage_type: "licensed",
    },
    tax_behavior: "unspecified",
    tiers_mode: null,
    type: "recurring",
    unit_amount: price.unitAmount,
    unit_amount_decimal: String(price.unitAmount),
  };
}

function subscriptionStatus(subscription: Subscription, latest: Invoice | undefined, at: number): string {
  if ((subscription.endsAt ?? Infinity) <= at) return "canceled";
  if (at < (subscription.trialEndsAt ?? 0)) return "trialing";
  const isLate = latest !== undefined && latest.createdAt + 3_600_000 <= at && at < latest.endsAt;
  return isLate ? "past_due" : "active";
}

/** A subscription with its one item. `invoices` are its invoices so far, oldest first. */
export function subscriptionObject(
  subscription: Subscription,
  invoices: Invoice[],
  at: number,
): StripeObject {
  const { id, itemId, customerId, createdAt, trialEndsAt, endsAt } = subscription;
  const latest = invoices.at(-1);
  const { price, quantity } = planAt(subscription, at);
  const hasEnded = endsAt !== undefined && endsAt <= at;
  const item = {
    id: itemId,
    object: "subscription_item",
    created: seconds(createdAt),
    current_period_start: seconds(latest?.createdAt ?? createdAt),
    current_period_end: seconds(latest?.periodEndsAt ?? trialEndsAt ?? createdAt),
    metadata: {},
    price: priceObject(price),
    quantity,
    subscription: id,
  };
  return {
    id,
    object: "subscription",
    billing_cycle_anchor: seconds(trialEndsAt ?? createdAt),
    cancel_at: null,
    cancel_at_period_end: false,
    canceled_at: hasEnded ? seconds(endsAt) : null,
    collection_method: "charge_automatically",
    created: seconds(createdAt),
    currency: price.currency,
    customer: customerId,
    discounts: [],
    ended_at: hasEnded ? seconds(endsAt) : null,
    items: {
      object: "list",
      data: [item],
      has_more: false,
      total_count: 1,
      url: `/v1/subscription_items?subscription=${id}`,
    },
    latest_invoice: latest?.id ?? null,
    livemode: false,
    metadata: {},
    start_date: seconds(createdAt),
    status: subscriptionStatus(subscription, latest, at),
    trial_end: trialEndsAt === undefined ? null : seconds(trialEndsAt),
    trial_start: trialEndsAt === undefined ? null : seconds(createdAt),
  };
}

const FINAL_STATUS = {
  paid: "paid",
  paid_late: "paid",
  uncollectible: "uncollectible",
  void: "void",
} as const;

function invoiceLine({ id, plan, amount, createdAt, periodEndsAt, subscription }: Invoice): object {
  return {
    id: id.replace("in_", "il_"),
    object: "line_item",
    amount,
    currency: plan.price.currency,
    description: `${plan.quantity} × ${plan.price.product.name}`,
    parent: {
      type: "subscription_item_details",
      invoice_item_details: null,
      subscription_item_details: {
        proration: false,
        subscription: subscription.id,
        subscription_item: subscription.itemId,
      },
    },
    period: { start: seconds(createdAt), end: seconds(periodEndsAt) },
    pricing: {
      type: "price_details",
      price_details: { price: plan.price.id, product: plan.price.product.id },
      unit_amount_decimal: String(plan.price.unitAmount),
    },
    quantity: plan.quantity,
  };
}

/** An invoice; open until its outcome. */
export function invoiceObject(invoice: Invoice, at: number): StripeObject {
  const { id, amount, plan, subscription, createdAt, endsAt } = invoice;
  const status = endsAt <= at ? FINAL_STATUS[invoice.end] : "open";
  const when = (own: string) => (status === own ? seconds(endsAt) : null);
  return {
    id,
    object: "invoice",
    amount_due: amount,
    amount_paid: status === "paid" ? amount : 0,
    amount_remaining: status === "paid" ? 0 : amount,
    attempt_count: status === "open" ? 0 : 1,
    billing_reason: createdAt === subscription.createdAt ? "subscription_create" : "subscription_cycle",
    collection_method: "charge_automatically",
    created: seconds(createdAt),
    currency: plan.price.currency,
    customer: subscription.customerId,
    due_date: null,
    lines: {
      object: "list",
      data: [invoiceLine(invoice)],
      has_more: false,
      total_count: 1,
      url: `/v1/invoices/${id}/lines`,
    },
    livemode: false,
    metadata: {},
    number: invoice.number,
    parent: {
      type: "subscription_details",
      quote_details: null,
      subscription_details: { metadata: {}, subscription: subscription.id },
    },
    period_start: seconds(createdAt),
    period_end: seconds(invoice.periodEndsAt),
    status,
    status_transitions: {
      finalized_at: seconds(createdAt),
      marked_uncollectible_at: when("uncollectible"),
      paid_at: when("paid"),
      voided_at: when("void"),
    },
    subtotal: amount,
    total: amount,
  };
}

/** When an invoice's card was charged: at its payment, or once without success; never for a void one. */
export function chargedAt({ end, endsAt, createdAt }: Invoice): number | undefined {
  if (end === "void") return undefined;
  return end === "uncollectible" ? createdAt + 3_600_000 : endsAt;
}

/** An invoice's charge. Since basil it refers to its payment intent, no longer to its invoice. */
export function chargeObject(invoice: Invoice, at: number, byHand?: Refund): StripeObject {
  const { chargeId: id, amount, plan, refundedAt = Infinity, subscription } = invoice;
  const isPaid = invoice.end !== "uncollectible";
  const refunded = refundedAt <= at ? amount : (byHand?.amount ?? 0);
  return {
    id,
    object: "charge",
    amount,
    amount_captured: isPaid ? amount : 0,
    amount_refunded: refunded,
    captured: isPaid,
    created: seconds(chargedAt(invoice) ?? invoice.createdAt),
    currency: plan.price.currency,
    customer: subscription.customerId,
    description: "Subscription update",
    failure_code: isPaid ? null : "card_declined",
    failure_message: isPaid ? null : "Your card was declined.",
    livemode: false,
    metadata: {},
    paid: isPaid,
    payment_intent: id.replace("ch_", "pi_"),
    refunded: refunded === amount && isPaid,
    status: isPaid ? "succeeded" : "failed",
  };
}
