/**
 * Builds the marts of contacts, deals and subscriptions from the current records of CRM and billing sources.
 * @module
 */

import type { BillingStreams, CrmStreams } from "../shapes/vendor-models";
import { contactRow, dealRow, subscriptionRow } from "./marts/people";
import { type DriverModels, type PartRequest, stageAll } from "./partition";
import { loadRates } from "./rates-store";

/** Builds the marts of a CRM. */
export const crmModels = ({ contacts, deals, pipelines }: CrmStreams): DriverModels => ({
  datasets: ["contacts", "deals"],
  streams: [contacts.stream, deals.stream, pipelines.stream],
  monthly: false,
  async build(request) {
    const own = request.source.accounts.find(({ currency }) => currency !== null)?.currency ?? null;
    const people = await stageAll(request, contacts, undefined);
    const sales = await stageAll(request, deals, own);
    const labels = await stageAll(request, pipelines, undefined);
    const context = await contextOf(
      request,
      sales.flatMap((deal) => [{ currency: deal.currency, at: deal.created_at }]),
    );
    const byId = new Map(people.map((contact) => [contact.contact_id, contact]));
    const byPipeline = new Map(labels.map((pipeline) => [pipeline.id, pipeline]));
    return {
      contacts: people.map((contact) => contactRow(contact, context)),
      deals: sales.map((deal) => dealRow(deal, byPipeline, byId, context)),
    };
  },
});

/** Builds the marts of a billing system. */
export const billingModels = ({
  customers,
  products,
  prices,
  subscriptions,
}: BillingStreams): DriverModels => ({
  datasets: ["subscriptions"],
  streams: [customers.stream, products.stream, prices.stream, subscriptions.stream],
  monthly: false,
  async build(request) {
    const named = async (staged: typeof products) =>
      new Map((await stageAll(request, staged, undefined)).map(({ id, name }) => [id, name]));
    const billed = await stageAll(request, customers, undefined);
    const known = {
      customers: new Map(billed.map((customer) => [customer.customer_id, customer])),
      products: await named(products),
      prices: await named(prices),
    };
    const recurring = await stageAll(request, subscriptions, undefined);
    const context = await contextOf(
      request,
      recurring.map(({ currency, started_at }) => ({ currency, at: started_at })),
    );
    return { subscriptions: recurring.map((own) => subscriptionRow(own, known, context)) };
  },
});

/** Loads the rates of all currencies since the earliest time in the rows. */
async function contextOf(
  { control, project, source, currency }: PartRequest,
  amounts: readonly { currency: string | null; at: number }[],
) {
  const first = amounts.reduce((earliest, { at }) => Math.min(earliest, at), Number.MAX_SAFE_INTEGER / 2);
  const from = new Date(Math.min(first, Date.UTC(9999, 0))).toISOString().slice(0, 10);
  const used = [currency, ...new Set(amounts.flatMap((amount) => amount.currency ?? []))];
  return { project, source: source.id, rates: await loadRates(control, used, from, "9999-12-31"), currency };
}
