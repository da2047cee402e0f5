/**
 * Converts HubSpot's records. Every property is a text or null ("Understanding the CRM"); an empty text is a cleared value.
 * @module
 */
import { z } from "zod";
import type { SourceRecord } from "../../vendor/driver";
import { parseShape } from "../parse-answer";

/** Object types, as paths name them. */
export const HUBSPOT_TYPES = ["contacts", "companies", "deals"] as const;
/** An object type. */
export type HubspotType = (typeof HUBSPOT_TYPES)[number];

/** Requested properties; together well below the 15,000 characters of a URL. A portal may lack some. */
export const PROPERTIES: Record<HubspotType, string[]> = {
  contacts: [
    ...["email", "firstname", "lastname", "company", "country", "lifecyclestage"],
    ...["hs_lifecyclestage_customer_date", "hs_analytics_source", "utm_source", "utm_medium", "utm_campaign"],
    ...["hubspot_owner_id", "createdate", "lastmodifieddate"],
  ],
  companies: ["name", "domain", "country", "hubspot_owner_id", "createdate", "hs_lastmodifieddate"],
  deals: [
    ...["dealname", "pipeline", "dealstage", "amount", "deal_currency_code", "closedate", "hs_is_closed"],
    ...["hs_is_closed_won", "hubspot_owner_id", "createdate", "hs_lastmodifieddate"],
  ],
};

/** Custom properties that only some portals have. */
const OWN = new Set(["utm_source", "utm_medium", "utm_campaign"]);

/** The property with the last change; contacts have a different one. */
export const modifiedProperty = (type: HubspotType): string =>
  type === "contacts" ? "lastmodifieddate" : "hs_lastmodifieddate";

const objectSchema = z.object({
  id: z.string(),
  properties: z.record(z.string(), z.string().nullable()),
  archived: z.boolean().optional(),
  archivedAt: z.string().optional(),
});
/** A record as returned by the vendor. */
export type HubspotObject = z.infer<typeof objectSchema>;

/** Schema of the vendor's records. */
export function objectsOf(type: HubspotType, results: unknown): HubspotObject[] {
  return parseShape(type, z.array(objectSchema), results);
}

/** Epoch ms of a required time. */
export function timeOf(type: HubspotType, { properties }: HubspotObject, name: string): number {
  return Date.parse(parseShape(`${type}.${name}`, z.iso.datetime({ offset: true }), properties[name]));
}

const flag = z.enum(["true", "false", ""]).nullable();

/** Converts a record. `contacts`: ids of a deal's contacts. */
export function toRecord(
  type: HubspotType,
  { id, properties }: HubspotObject,
  contacts: string[] = [],
): SourceRecord {
  // Properties that the portal lacks are omitted, which is allowed for custom ones only; cleared ones may be empty.
  const found = (name: string) => (OWN.has(name) ? (properties[name] ?? null) : properties[name]);
  const own = Object.fromEntries(
    PROPERTIES[type].map((name) => [name, found(name) === "" ? null : found(name)]),
  );
  if (type !== "deals") return { id, ...own };
  const isTrue = (name: string) => parseShape(`deals.${name}`, flag, properties[name]) === "true";
  return {
    id,
    ...own,
    is_closed: isTrue("hs_is_closed"),
    is_won: isTrue("hs_is_closed_won"),
    contact_ids: contacts,
  };
}

const metadata = z.object({ isClosed: z.enum(["true", "false"]), probability: z.string() });
const stageSchema = z.object({ id: z.string(), label: z.string(), displayOrder: z.number(), metadata });
const pipelinesSchema = z.object({
  results: z.array(
    z.object({
      id: z.string(),
      label: z.string(),
      displayOrder: z.number(),
      stages: z.array(stageSchema),
    }),
  ),
});

/** Converts pipelines of deals. */
export function pipelineRecords(body: unknown): SourceRecord[] {
  return parseShape("pipelines", pipelinesSchema, body).results.map(
    ({ id, label, displayOrder, stages }) => ({
      id,
      label,
      display_order: displayOrder,
      stages: stages.map((stage) => ({
        id: stage.id,
        label: stage.label,
        display_order: stage.displayOrder,
        is_closed: stage.metadata.isClosed === "true",
        probability: Number(stage.metadata.probability),
      })),
    }),
  );
}
