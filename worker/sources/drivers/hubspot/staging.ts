/**
 * HubSpot in common shapes: texts become times and amounts, ids of stages become their labels.
 * @module
 */

import { staged } from "../../shapes/ads";
import { minorOfText } from "../../shapes/currency";
import { emailHash, timeOf } from "../../shapes/people";
import { hubspotContactSchema, hubspotDealSchema, hubspotPipelineSchema } from "./records";

/** A person that the CRM knows. Times are epoch ms. */
export interface Contact {
  contact_id: string;
  created_at: number;
  email_hash: string | null;
  lifecycle_stage: string | null;
  source: string | null;
  utm_source: string | null;
  utm_medium: string | null;
  utm_campaign: string | null;
  country: string | null;
  company: string | null;
  owner: string | null;
  became_customer_at: number | null;
}

/** A deal in the works, won or lost. */
export interface Deal {
  deal_id: string;
  created_at: number;
  name: string | null;
  pipeline_id: string | null;
  stage_id: string | null;
  is_won: boolean;
  is_closed: boolean;
  owner: string | null;
  currency: string | null;
  amount_minor: number | null;
  /** When it was, or is expected to be, closed. */
  closed_at: number | null;
  contact_ids: string[];
}

/** Labels of a pipeline and its stages, by id. */
export interface Pipeline {
  id: string;
  label: string;
  stages: ReadonlyMap<string, string>;
}

export const contacts = staged(
  "contacts",
  hubspotContactSchema,
  (record): Contact => ({
    contact_id: record.id,
    created_at: Date.parse(record.createdate),
    email_hash: emailHash(record.email),
    lifecycle_stage: record.lifecyclestage,
    source: record.hs_analytics_source,
    utm_source: record.utm_source,
    utm_medium: record.utm_medium,
    utm_campaign: record.utm_campaign,
    country: record.country,
    company: record.company,
    owner: record.hubspot_owner_id,
    became_customer_at: timeOf(record.hs_lifecyclestage_customer_date),
  }),
);

/** The context is the currency of portals that have one. */
export const deals = staged("deals", hubspotDealSchema, (record, own: string | null): Deal => {
  const currency = record.deal_currency_code ?? own;
  return {
    deal_id: record.id,
    created_at: Date.parse(record.createdate),
    name: record.dealname,
    pipeline_id: record.pipeline,
    stage_id: record.dealstage,
    is_won: record.is_won,
    is_closed: record.is_closed,
    owner: record.hubspot_owner_id,
    currency,
    amount_minor: record.amount !== null && currency ? minorOfText(record.amount, currency) : null,
    closed_at: timeOf(record.closedate),
    contact_ids: record.contact_ids,
  };
});

export const pipelines = staged(
  "pipelines",
  hubspotPipelineSchema,
  ({ id, label, stages }): Pipeline => ({
    id,
    label,
    stages: new Map(stages.map((stage) => [stage.id, stage.label])),
  }),
);
