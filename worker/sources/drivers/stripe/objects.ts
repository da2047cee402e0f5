/**
 * Converts Stripe's objects. Shapes of version 2026-07-29.dahlia: periods are in subscription items, an invoice refers to its
 * subscription in `parent.subscription_details`. Fields that are not nested are passed through and validated by the stream's
 * schema.
 */
import { z } from "zod";
import type { SourceRecord } from "../../vendor/driver";
import { parseShape } from "../parse-answer";

/** A reference: the id, or the object if expansion is configured. */
const reference = z.union([z.string(), z.looseObject({ id: z.string() }).transform(({ id }) => id)]);
const price = z.looseObject({
  id: z.string(),
  product: reference,
  recurring: z
    .object({ interval: z.unknown(), interval_count: z.unknown(), usage_type: z.unknown() })
    .nullable(),
});
const item = z.looseObject({ id: z.string(), price, quantity: z.unknown().optional() });

const customer = z.looseObject({ address: z.looseObject({ country: z.unknown().optional() }).nullish() });
const subscription = z.looseObject({
  customer: reference,
  latest_invoice: reference.nullable(),
  items: z.object({ data: z.array(item), has_more: z.boolean() }),
});
const invoice = z.looseObject({
  customer: reference.nullable(),
  parent: z.looseObject({ subscription_details: z.object({ subscription: reference }).nullish() }).nullable(),
  status_transitions: z.record(z.string(), z.unknown()),
});
const charge = z.looseObject({ customer: reference.nullable(), payment_intent: reference.nullable() });

/** Streams as `/v1/<stream>` lists them. */
export const STRIPE_STREAMS = [
  "products",
  "prices",
  "customers",
  "subscriptions",
  "invoices",
  "charges",
] as const;
/** A stream. */
export type StripeStream = (typeof STRIPE_STREAMS)[number];

/** A subscription's items, and whether there are more. */
export function itemsOf(value: unknown): { data: unknown[]; has_more: boolean } {
  return parseShape("subscriptions", subscription, value).items;
}

/** Converts an object. `items`: all items of a subscription that has more than it contains. */
export function toRecord(stream: StripeStream, value: unknown, items?: unknown[]): SourceRecord {
  if (stream === "customers") {
    const own = parseShape(stream, customer, value);
    return { ...own, country: own.address?.country ?? null };
  }
  if (stream === "products") return parseShape(stream, z.looseObject({}), value);
  if (stream === "prices") {
    const own = parseShape(stream, price, value);
    return { ...own, ...recurringOf(own) };
  }
  if (stream === "subscriptions") {
    const own = parseShape(stream, subscription, value);
    const all = items ?? own.items.data;
    return { ...own, items: all.map((each) => itemRecord(each)) };
  }
  if (stream === "charges") return parseShape(stream, charge, value);
  const own = parseShape(stream, invoice, value);
  return {
    ...own,
    ...own.status_transitions,
    subscription: own.parent?.subscription_details?.subscription ?? null,
  };
}

function itemRecord(value: unknown): SourceRecord {
  const own = parseShape("subscriptions.items", item, value);
  return {
    ...own.price,
    ...recurringOf(own.price),
    ...own,
    price: own.price.id,
    quantity: own.quantity ?? null,
  };
}

function recurringOf({ recurring }: z.infer<typeof price>) {
  const none = { interval: null, interval_count: null, usage_type: null };
  return recurring ?? none;
}
