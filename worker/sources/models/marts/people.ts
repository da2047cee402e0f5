/**
 * The marts of current contacts, deals and subscriptions. Removed records are left out.
 * @module
 */
import type { ContactRow, DealRow, SubscriptionRow } from "../../../../schema/wire/mart";
import type { Customer, Subscription } from "../../shapes/billing";
import type { Contact, Deal, Pipeline } from "../../shapes/crm";
import type { Rates } from "../../shapes/currency";

/** Values shared by all rows of a source, and currency conversion. */
export interface RowContext {
  project: string;
  source: string;
  rates: Rates;
  /** ISO 4217 code of the target currency. */
  currency: string;
}

const dayOf = (time: number): string => new Date(time).toISOString().slice(0, 10);

/** A contact. */
export function contactRow(contact: Contact, { project, source }: RowContext): ContactRow {
  return {
    project_id: project,
    source_id: source,
    ...contact,
    status: null,
    is_customer: contact.became_customer_at !== null || contact.lifecycle_stage === "customer",
  };
}

/** A deal, converted at the rate of the day it was closed, or opened if it is still open. */
export function dealRow(
  deal: Deal,
  pipelines: ReadonlyMap<string, Pipeline>,
  contacts: ReadonlyMap<string, Contact>,
  { project, source, rates, currency: target }: RowContext,
): DealRow {
  const { pipeline_id, stage_id, contact_ids, amount_minor, currency, ...own } = deal;
  const pipeline = pipelines.get(pipeline_id ?? "");
  const contact = contact_ids.map((id) => contacts.get(id)).find((known) => known !== undefined);
  const closed_at = deal.is_closed ? deal.closed_at : null;
  const day = dayOf(closed_at ?? deal.created_at);
  return {
    project_id: project,
    source_id: source,
    ...own,
    pipeline: pipeline?.label ?? pipeline_id,
    stage: pipeline?.stages.get(stage_id ?? "") ?? stage_id,
    currency,
    amount_minor,
    amount: amount_minor !== null && currency ? rates.convert(amount_minor, currency, target, day) : null,
    closed_at,
    contact_id: contact?.contact_id ?? contact_ids[0] ?? null,
    contact_source: contact?.source ?? null,
    utm_source: contact?.utm_source ?? null,
    utm_medium: contact?.utm_medium ?? null,
    utm_campaign: contact?.utm_campaign ?? null,
  };
}

/** A subscription, converted at the rate of the day it started, so that its value does not change with the exchange rate. */
export function subscriptionRow(
  subscription: Subscription,
  known: {
    customers: ReadonlyMap<string, Customer>;
    products: ReadonlyMap<string, string>;
    prices: ReadonlyMap<string, string>;
  },
  { project, source, rates, currency: target }: RowContext,
): SubscriptionRow {
  const { product_id, price_id, ...own } = subscription;
  const customer = known.customers.get(own.customer_id);
  return {
    project_id: project,
    source_id: source,
    ...own,
    email_hash: customer?.email_hash ?? null,
    country: customer?.country ?? null,
    product: known.products.get(product_id ?? "") ?? product_id,
    price: known.prices.get(price_id ?? "") ?? price_id,
    mrr: rates.convert(own.mrr_minor, own.currency, target, dayOf(own.started_at)),
  };
}
