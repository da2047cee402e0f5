/**
 * Converts HubSpot records to common shapes: texts become times and amounts, stage ids become labels.
 * @module
 */

import type { Contact, Deal, Pipeline } from "../../shapes/crm";
import { minorOfText } from "../../shapes/currency";
import { staged } from "../../shapes/staged";
import { emailHash, timeOf } from "../../shapes/values";
import { hubspotContactSchema, hubspotDealSchema, hubspotPipelineSchema } from "./records";

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

/** The context is the currency of portals with only one. */
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
