/**
 * Expected contents of synced tables of HubSpot, computed from the stand-in's truth.
 * @module
 */
import type { HubspotTruth } from "../../../demo/vendors/hubspot/index.ts";
import type { HubspotRecord } from "../../../demo/vendors/hubspot/objects.ts";

type Fields = Record<string, unknown>;
const pick = ({ id, properties }: HubspotRecord, names: string): Fields => ({
  id,
  ...Object.fromEntries(names.split(" ").map((name) => [name, properties[name] ?? null])),
});

const CONTACT =
  "email firstname lastname company country lifecyclestage hs_lifecyclestage_customer_date hs_analytics_source " +
  "utm_source utm_medium utm_campaign hubspot_owner_id createdate lastmodifieddate";
const COMPANY = "name domain country hubspot_owner_id createdate hs_lastmodifieddate";
const DEAL =
  "dealname pipeline dealstage amount deal_currency_code closedate hubspot_owner_id createdate hs_lastmodifieddate";

const deal = (own: HubspotRecord, contacts: string[]): Fields => ({
  ...pick(own, DEAL),
  is_closed: own.properties.hs_is_closed === "true",
  is_won: own.properties.hs_is_closed_won === "true",
  contact_ids: contacts,
});

/** A pipeline as the driver returns it. */
function pipeline(value: object): Fields {
  const { id, label, displayOrder, stages }: Fields = { ...value };
  const read = (stage: Fields) => {
    const { isClosed, probability }: Fields = { ...(stage.metadata as object) };
    return {
      id: stage.id,
      label: stage.label,
      display_order: stage.displayOrder,
      is_closed: isClosed === "true",
      probability: Number(probability),
    };
  };
  return { id, label, display_order: displayOrder, stages: (stages as Fields[]).map(read) };
}

/** The expected records of a stream by key; there are no days. */
export function expected(truth: HubspotTruth, stream: string): Map<string, Fields> {
  const rows: Record<string, () => Fields[]> = {
    contacts: () => truth.contacts.map((own) => pick(own, CONTACT)),
    companies: () => truth.companies.map((own) => pick(own, COMPANY)),
    deals: () => truth.deals.map((own) => deal(own, truth.dealContacts[own.id] ?? [])),
    pipelines: () => truth.pipelines.map(pipeline),
  };
  const make = rows[stream];
  if (make === undefined) throw new Error(`hubspot has no stream ${stream}`);
  return new Map(make().map((own) => [String(own.id), own]));
}
