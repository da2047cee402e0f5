/**
 * Everything in Stripe's account of the company at a time: its objects by stream, and their events.
 * @module
 */

import { type Customer, customersOf, type Invoice, invoicesOf, makePrices } from "../company/billing.ts";
import type { Account } from "../company/index.ts";
import { makePeople } from "../company/people.ts";
import { DAY_MS, token } from "../company/random.ts";
import {
  chargedAt,
  chargeObject,
  customerObject,
  invoiceObject,
  priceObject,
  productObject,
  type Refund,
  type StripeObject,
  type StripeStream,
  seconds,
  subscriptionObject,
} from "./objects.ts";

/** Events can be listed for 30 days ("Events", API reference). */
const EVENTS_RETENTION_MS = 30 * DAY_MS;

/** Objects by stream, newest first as all lists are. */
export type StripeTruth = Record<StripeStream, StripeObject[]>;

/** Stripe's view of the company. */
export interface StripeWorld {
  /** Objects that exist at a time; without deleted customers, with canceled subscriptions and archived prices. */
  objects(at: number): StripeTruth;
  /** Events of the last 30 days, newest first. */
  events(at: number): StripeObject[];
  /** Paying people at a time, including deleted ones: for the known totals. */
  customers(at: number): Customer[];
  /** Refunds a share of each charge of the last days. */
  refund(days: number, percent: number, at: number): void;
}

const newestFirst = (a: StripeObject, b: StripeObject) => b.created - a.created || (a.id < b.id ? 1 : -1);

interface StripeEvent {
  at: number;
  type: string;
  object: () => StripeObject;
}

/** Stripe's view of a company's account. */
export function stripeWorld(account: Account, apiVersion: string): StripeWorld {
  const { seed, removed, archived } = account;
  const people = makePeople(account);
  const prices = makePrices(account);
  const products = [...new Set(prices.map(({ product }) => product))];
  const refunds = new Map<string, Refund>();

  // "Delete a customer" also ends its subscriptions at once.
  const customers = (at: number): Customer[] =>
    customersOf(account, people(at), prices, at).map((customer) => {
      const { subscription } = customer;
      const endsAt = Math.min(subscription.endsAt ?? Infinity, removed.get(customer.id) ?? Infinity);
      return endsAt === Infinity ? customer : { ...customer, subscription: { ...subscription, endsAt } };
    });
  const chargesOf = (invoices: Invoice[], at: number) =>
    invoices.filter((invoice) => (chargedAt(invoice) ?? Infinity) <= at);
  const charge = (invoice: Invoice, at: number) => {
    const byHand = refunds.get(invoice.chargeId);
    return chargeObject(invoice, at, byHand && byHand.at <= at ? byHand : undefined);
  };

  const objects = (at: number): StripeTruth => {
    const known = customers(at);
    const started = known.filter(({ subscription }) => subscription.createdAt <= at);
    const bills = started.map(({ subscription }) => invoicesOf(seed, subscription, at));
    const invoices = bills.flat();
    return {
      customers: known
        .filter(({ id }) => !removed.has(id))
        .map(customerObject)
        .sort(newestFirst),
      products: products.map((own) => productObject(own, archived.get(own.id))).sort(newestFirst),
      prices: prices.map((own) => priceObject(own, archived.get(own.id))).sort(newestFirst),
      subscriptions: started
        .map(({ subscription }, i) => subscriptionObject(subscription, bills[i] ?? [], at))
        .sort(newestFirst),
      invoices: invoices.map((invoice) => invoiceObject(invoice, at)).sort(newestFirst),
      charges: chargesOf(invoices, at)
        .map((invoice) => charge(invoice, at))
        .sort(newestFirst),
    };
  };

  const invoiceEvents = (invoice: Invoice): StripeEvent[] => {
    const { createdAt, endsAt, end, refundedAt, chargeId } = invoice;
    const bill = (at: number, type: string): StripeEvent => ({
      at,
      type,
      object: () => invoiceObject(invoice, at),
    });
    const card = (at: number, type: string): StripeEvent => ({ at, type, object: () => charge(invoice, at) });
    const last = { paid: "paid", paid_late: "paid", uncollectible: "marked_uncollectible", void: "voided" }[
      end
    ];
    const takenAt = chargedAt(invoice);
    const byHand = refunds.get(chargeId);
    return [
      bill(createdAt, "invoice.created"),
      bill(createdAt, "invoice.finalized"),
      bill(endsAt, `invoice.${last}`),
      ...(takenAt === undefined
        ? []
        : [card(takenAt, end === "uncollectible" ? "charge.failed" : "charge.succeeded")]),
      ...(refundedAt === undefined ? [] : [card(refundedAt, "charge.refunded")]),
      ...(byHand === undefined ? [] : [card(byHand.at, "charge.refunded")]),
    ];
  };

  const customerEvents = (customer: Customer, now: number): StripeEvent[] => {
    const { subscription } = customer;
    const { createdAt, trialEndsAt, endsAt, plans } = subscription;
    const bills = subscription.createdAt <= now ? invoicesOf(seed, subscription, now) : [];
    const change = (at: number, type: string): StripeEvent => {
      const sofar = bills.filter((bill) => bill.createdAt <= at);
      return {
        at,
        type: `customer.subscription.${type}`,
        object: () => subscriptionObject(subscription, sofar, at),
      };
    };
    // A late invoice makes a subscription past_due an hour after it; its payment makes it active again.
    const late = bills
      .filter(({ end }) => end !== "paid")
      .flatMap((bill) => [bill.createdAt + 3_600_000, bill.endsAt]);
    const times = [
      trialEndsAt,
      ...plans.map(({ at }) => at),
      ...bills.map((bill) => bill.createdAt),
      ...late,
    ];
    const updates = [...new Set(times)].filter(
      (at) => at !== undefined && at > createdAt && at < (endsAt ?? Infinity),
    );
    const removedAt = removed.get(customer.id);
    return [
      { at: customer.createdAt, type: "customer.created", object: () => customerObject(customer) },
      change(createdAt, "created"),
      ...updates.map((at) => change(at ?? 0, "updated")),
      ...(endsAt === undefined ? [] : [change(endsAt, "deleted")]),
      ...(removedAt === undefined
        ? []
        : [{ at: removedAt, type: "customer.deleted", object: () => customerObject(customer) }]),
      ...bills.flatMap(invoiceEvents),
    ];
  };

  const catalogEvents = (): StripeEvent[] => [
    ...products.flatMap((own): StripeEvent[] => {
      const at = archived.get(own.id);
      return at === undefined ? [] : [{ at, type: "product.updated", object: () => productObject(own, at) }];
    }),
    ...prices.flatMap((own): StripeEvent[] => {
      const at = archived.get(own.id);
      return at === undefined ? [] : [{ at, type: "price.updated", object: () => priceObject(own, at) }];
    }),
  ];

  const events = (now: number): StripeObject[] =>
    [...catalogEvents(), ...customers(now).flatMap((customer) => customerEvents(customer, now))]
      .filter(({ at }) => at <= now && at > now - EVENTS_RETENTION_MS)
      .map(({ at, type, object }): StripeObject => {
        const subject = object();
        return {
          id: `evt_${token(24, seed, subject.id, type, seconds(at))}`,
          object: "event",
          api_version: apiVersion,
          created: seconds(at),
          data: { object: subject },
          livemode: false,
          pending_webhooks: 0,
          request: { id: null, idempotency_key: null },
          type,
        };
      })
      .sort(newestFirst);

  const refund = (days: number, percent: number, at: number) => {
    const share = Math.min(1, Math.abs(percent) / 100);
    for (const { subscription } of customers(at)) {
      for (const invoice of chargesOf(invoicesOf(seed, subscription, at), at)) {
        const takenAt = chargedAt(invoice) ?? 0;
        if (invoice.end === "uncollectible" || invoice.refundedAt || takenAt < at - days * DAY_MS) continue;
        refunds.set(invoice.chargeId, { at, amount: Math.ceil(invoice.amount * share) });
      }
    }
  };

  return { objects, events, customers, refund };
}
