/**
 * Records of HubSpot's streams: flattened properties under their own names. HubSpot stores every property as text; times
 * remain ISO 8601 texts (UTC, milliseconds) and amounts decimal texts in the deal's currency; numbers and booleans are
 * parsed. Archived and deleted records are removed.
 * @module
 */
import { z } from "zod";

const time = z.iso.datetime({ offset: true });
const text = z.string().nullable();

/** Stream `contacts`, key `id`. */
export const hubspotContactSchema = z.object({
  id: z.string(),
  email: text,
  firstname: text,
  lastname: text,
  /** Name of the employer as entered by the contact. */
  company: text,
  country: text,
  /**
   * `subscriber`, `lead`, `marketingqualifiedlead`, `salesqualifiedlead`, `opportunity`, `customer`, … or the id of a custom
   * stage.
   */
  lifecyclestage: text,
  /** When it became a customer; null before. */
  hs_lifecyclestage_customer_date: time.nullable(),
  /** First source according to HubSpot: `PAID_SEARCH`, `PAID_SOCIAL`, `DIRECT_TRAFFIC`, … */
  hs_analytics_source: text,
  /** Custom properties that forms of many portals fill; null where the portal lacks them. */
  utm_source: text,
  utm_medium: text,
  utm_campaign: text,
  /** Id of the owner; null without one. */
  hubspot_owner_id: text,
  createdate: time,
  lastmodifieddate: time,
});

/** Stream `companies`, key `id`. */
export const hubspotCompanySchema = z.object({
  id: z.string(),
  name: text,
  domain: text,
  country: text,
  hubspot_owner_id: text,
  createdate: time,
  hs_lastmodifieddate: time,
});

/** Stream `deals`, key `id`. */
export const hubspotDealSchema = z.object({
  id: z.string(),
  dealname: text,
  /** Ids of its pipeline and stage (stream `pipelines`). */
  pipeline: text,
  dealstage: text,
  /** Decimal text in major units of `deal_currency_code`; null when not set. */
  amount: z
    .string()
    .regex(/^-?\d+(\.\d+)?$/)
    .nullable(),
  /** ISO 4217; null in portals with one currency, which is the account's. */
  deal_currency_code: text,
  /** When it was, or is expected to be, closed. */
  closedate: time.nullable(),
  is_closed: z.boolean(),
  is_won: z.boolean(),
  hubspot_owner_id: text,
  createdate: time,
  hs_lastmodifieddate: time,
  /** Ids of its contacts, ascending. */
  contact_ids: z.array(z.string()),
});

/** Stream `pipelines` (of deals), key `id`. */
export const hubspotPipelineSchema = z.object({
  id: z.string(),
  label: z.string(),
  display_order: z.number().int(),
  stages: z.array(
    z.object({
      id: z.string(),
      label: z.string(),
      display_order: z.number().int(),
      is_closed: z.boolean(),
      /** Probability of winning, 0 to 1; a closed stage with 1 is won. */
      probability: z.number(),
    }),
  ),
});
