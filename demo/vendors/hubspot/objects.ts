/**
 * HubSpot's records of the company at a time: contacts, companies, deals and their pipelines. Every property is
 * a text ("Understanding the CRM"); times are ISO 8601 with milliseconds, amounts are in the deal's currency.
 * @module
 */
import { type Account, currencyDecimals } from "../company/index.ts";
import {
  type Deal,
  makePeople,
  type Person,
  SALES_STAGES,
  stepAt,
  WHOLESALE_STAGES,
} from "../company/people.ts";

/** Object types with records. */
export const HUBSPOT_TYPES = ["contacts", "companies", "deals"] as const;
/** One of them. */
export type HubspotType = (typeof HUBSPOT_TYPES)[number];

/** A record with all its properties; responses contain a selection. */
export interface HubspotRecord {
  id: string;
  properties: Record<string, string | null>;
  createdAt: string;
  updatedAt: string;
  archived: boolean;
  archivedAt?: string;
}

/** Records by type, ids ascending. */
export type HubspotRecords = Record<HubspotType, HubspotRecord[]>;

/** Associated records: ids by the other type. */
export type Associations = Map<string, Partial<Record<HubspotType, string[]>>>;

/** HubSpot's view of the company. */
export interface HubspotWorld {
  /** Records at a time, archived ones marked; deleted ones are not included. */
  records(at: number): HubspotRecords;
  associations(at: number): Associations;
  /** Changes the amounts of the deals that changed in the last days, now. */
  reprice(sinceMs: number, factor: number, at: number): void;
}

/** Archived records can be listed for 90 days. */
const ARCHIVE_RETENTION_MS = 90 * 86_400_000;

/** Properties in responses by default. */
export const DEFAULT_PROPERTIES: Record<HubspotType, string[]> = {
  contacts: ["createdate", "email", "firstname", "hs_object_id", "lastmodifieddate", "lastname"],
  companies: ["createdate", "domain", "hs_lastmodifieddate", "hs_object_id", "name"],
  deals: [
    "amount",
    "closedate",
    "createdate",
    "dealname",
    "dealstage",
    "hs_lastmodifieddate",
    "hs_object_id",
    "pipeline",
  ],
};

const iso = (at: number) => new Date(at).toISOString();

/** The pipelines of deals, as in `/crm/pipelines/<version>/deals`. */
export function pipelines(account: Account): object[] {
  const made = { createdAt: iso(account.openedAt), updatedAt: iso(account.openedAt), archived: false };
  const pipeline = (
    id: string,
    label: string,
    stages: typeof SALES_STAGES | typeof WHOLESALE_STAGES,
    place: number,
  ) => ({
    id,
    label,
    displayOrder: place,
    ...made,
    stages: stages.map((stage, i) => ({
      id: stage.id,
      label: stage.label,
      displayOrder: i,
      // Texts, as in HubSpot's API.
      metadata: { isClosed: String(i >= stages.length - 2), probability: stage.probability.toFixed(1) },
      writePermissions: "CRM_PERMISSIONS_ENFORCEMENT",
      ...made,
    })),
  });
  return [
    pipeline("default", "Sales Pipeline", SALES_STAGES, 0),
    pipeline("6010000", "Wholesale", WHOLESALE_STAGES, 1),
  ];
}

function contactProperties(person: Person, at: number): Record<string, string | null> {
  const { campaign, deal } = person;
  const customer = person.steps.find(({ stage }) => stage === "customer");
  return {
    email: person.email,
    firstname: person.firstName,
    lastname: person.lastName,
    company: person.company.name,
    country: person.country,
    lifecyclestage: stepAt(person.steps, at)?.stage ?? "subscriber",
    hs_analytics_source: campaign
      ? campaign.utm.medium === "cpc"
        ? "PAID_SEARCH"
        : "PAID_SOCIAL"
      : "DIRECT_TRAFFIC",
    utm_source: campaign?.utm.source ?? null,
    utm_medium: campaign?.utm.medium ?? null,
    utm_campaign: campaign?.utm.campaign ?? null,
    num_associated_deals: deal && (deal.steps[0]?.at ?? Infinity) <= at ? "1" : null,
    hs_lifecyclestage_customer_date: customer && customer.at <= at ? iso(customer.at) : null,
  };
}

function dealProperties(deal: Deal, at: number, amountMinor: number): Record<string, string | null> {
  const decimals = currencyDecimals(deal.currency);
  const stage = stepAt(deal.steps, at)?.stage ?? "";
  const last = deal.steps.at(-1);
  const isClosed = last !== undefined && last.at <= at;
  const isWon = isClosed && (stage === "closedwon" || stage === "6010003");
  return {
    dealname: deal.name,
    pipeline: deal.pipeline,
    dealstage: stage,
    amount: (amountMinor / 10 ** decimals).toFixed(decimals),
    deal_currency_code: deal.currency,
    closedate: last ? iso(last.at) : null,
    hs_is_closed: String(isClosed),
    hs_is_closed_won: String(isWon),
  };
}

/** HubSpot's view of a company's account. */
export function hubspotWorld(account: Account): HubspotWorld {
  const { removed, archived } = account;
  const people = makePeople(account);
  const repriced = new Map<string, { at: number; amountMinor: number }>();
  let changes = 0;

  const record = (
    id: string,
    created: number,
    changed: number,
    at: number,
    own: Record<string, string | null>,
  ) => {
    const archivedAt = archived.get(id) ?? Infinity;
    const isArchived = archivedAt <= at;
    const updated = iso(isArchived ? Math.max(changed, archivedAt) : changed);
    const modified = "email" in own ? "lastmodifieddate" : "hs_lastmodifieddate";
    const made: HubspotRecord = {
      id,
      properties: { ...own, createdate: iso(created), [modified]: updated, hs_object_id: id },
      createdAt: iso(created),
      updatedAt: updated,
      archived: isArchived,
    };
    return isArchived ? { ...made, archivedAt: iso(archivedAt) } : made;
  };
  const isListed = ({ id }: HubspotRecord, at: number) =>
    (removed.get(id) ?? Infinity) > at && at - (archived.get(id) ?? Infinity) < ARCHIVE_RETENTION_MS;

  const contact = (person: Person, at: number) => {
    const opened = person.deal?.steps[0]?.at ?? Infinity;
    const changed = Math.max(stepAt(person.steps, at)?.at ?? person.createdAt, opened <= at ? opened : 0);
    return record(person.id, person.createdAt, changed, at, contactProperties(person, at));
  };
  const deal = (own: Deal, at: number) => {
    const price = repriced.get(own.id);
    const isRepriced = price !== undefined && price.at <= at;
    const amountMinor = isRepriced ? price.amountMinor : own.amountMinor;
    const changed = Math.max(stepAt(own.steps, at)?.at ?? 0, isRepriced ? price.at : 0);
    return record(own.id, own.steps[0]?.at ?? 0, changed, at, dealProperties(own, at, amountMinor));
  };
  const company = ([id, members]: [string, Person[]], at: number) => {
    const own = members[0]?.company;
    return record(id, own?.createdAt ?? 0, members.at(-1)?.createdAt ?? 0, at, {
      name: own?.name ?? null,
      domain: own?.domain ?? null,
      country: own?.country ?? null,
      num_associated_contacts: String(members.length),
    });
  };
  const dealsOf = (known: Person[], at: number) =>
    known.flatMap((person) =>
      person.deal && (person.deal.steps[0]?.at ?? Infinity) <= at ? person.deal : [],
    );

  const makeRecords = (at: number): HubspotRecords => {
    const known = people(at);
    const byCompany = Map.groupBy(known, (person) => person.company.id);
    const all = {
      contacts: known.map((person) => contact(person, at)),
      companies: [...byCompany].map((entry) => company(entry, at)),
      deals: dealsOf(known, at).map((own) => deal(own, at)),
    };
    const listed = (type: HubspotType) =>
      all[type].filter((own) => isListed(own, at)).sort((a, b) => Number(a.id) - Number(b.id));
    return { contacts: listed("contacts"), companies: listed("companies"), deals: listed("deals") };
  };

  const makeAssociations = (at: number): Associations => {
    const links: Associations = new Map();
    const link = (from: string, type: HubspotType, to: string) => {
      const own = links.get(from) ?? {};
      links.set(from, { ...own, [type]: [...(own[type] ?? []), to] });
    };
    for (const person of people(at)) {
      const { id, company: employer, deal: own } = person;
      link(id, "companies", employer.id);
      link(employer.id, "contacts", id);
      if (own === undefined || (own.steps[0]?.at ?? Infinity) > at) continue;
      link(id, "deals", own.id);
      link(own.id, "contacts", id);
      link(own.id, "companies", employer.id);
      link(employer.id, "deals", own.id);
    }
    return links;
  };

  const reprice = (sinceMs: number, factor: number, at: number) => {
    changes += 1;
    for (const own of dealsOf(people(at), at)) {
      if ((stepAt(own.steps, at)?.at ?? 0) < sinceMs) continue;
      repriced.set(own.id, { at, amountMinor: Math.round(own.amountMinor * factor) });
    }
  };
  // Pages of one list request the same instant again and again; every change of the company makes a new state.
  const cached = <T>(make: (at: number) => T) => {
    const known = new Map<string, T>();
    return (at: number): T => {
      const key = `${at}/${removed.size}/${archived.size}/${changes}`;
      const found = known.get(key) ?? make(at);
      if (!known.has(key) && known.size > 3) known.clear();
      known.set(key, found);
      return found;
    };
  };
  return { records: cached(makeRecords), associations: cached(makeAssociations), reprice };
}
