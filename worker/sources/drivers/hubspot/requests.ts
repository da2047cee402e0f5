/**
 * Requests for HubSpot's records: lists (100 per page), search (200 per page), associations and records by id (100 per
 * batch).
 * @module
 */
import { z } from "zod";
import type { Answer, Call, DriverContext, Json } from "../../vendor/driver";
import { parseShape } from "../parse-answer";
import { readConsistent } from "../read-consistent";
import { type HubspotObject, type HubspotType, modifiedProperty, objectsOf, PROPERTIES } from "./objects";

const LIST_PAGE = 100;
const SEARCH_PAGE = 200;
/** Maximum number of ids in a batch. */
export const BATCH = 100;
/** Attempts for an inconsistent page. */
const ATTEMPTS = 5;

/** Sends a request with the portal's account and the connection's version. */
export interface Requester {
  type: HubspotType;
  version: string;
  call(call: Call): Promise<Answer>;
}

/** Returns the request function for one object type. */
export const requesterOf = (type: HubspotType, account: string, context: DriverContext): Requester => ({
  type,
  version: context.version,
  call: (call) => context.call(call, account),
});

const pageSchema = z.object({
  results: z.array(z.unknown()),
  paging: z.object({ next: z.object({ after: z.string() }).optional() }).optional(),
});

/** Pages of a list; `after` is the cursor of the next one, null after the last. A repeated page is requested again. */
export async function* listPages(
  { type, version, call }: Requester,
  from: string | null,
  isArchived = false,
): AsyncGenerator<{ objects: HubspotObject[]; after: string | null }> {
  const base = `/crm/objects/${version}/${type}?limit=${LIST_PAGE}&archived=${isArchived}`;
  let after = from;
  let before = new Set<string>();
  do {
    const cursor = after === null ? "" : `&after=${encodeURIComponent(after)}`;
    const path = `${base}&properties=${PROPERTIES[type].join(",")}${cursor}`;
    const page = await readConsistent(pagesOf(type), async () => {
      const { results, paging } = parseShape(type, pageSchema, (await call({ path, cost: ONE })).body);
      const objects = objectsOf(type, results);
      const next = paging?.next?.after ?? null;
      const isRepeated = objects.some(({ id }) => before.has(id));
      return isRepeated || (objects.length === 0 && next !== null) ? null : { objects, after: next };
    });
    before = new Set(page.objects.map(({ id }) => id));
    ({ after } = page);
    yield page;
  } while (after !== null);
}

const searchSchema = z.object({ total: z.number().int(), results: z.array(z.unknown()) });
interface Filter {
  propertyName: string;
  operator: string;
  value: string;
}

async function search({ type, version, call }: Requester, filters: Filter[], limit: number) {
  const body: Json = {
    filterGroups: [{ filters: filters.map((filter) => ({ ...filter })) }],
    sorts: [{ propertyName: "hs_object_id", direction: "ASCENDING" }],
    properties: ["createdate", modifiedProperty(type)],
    limit,
  };
  const answer = await call({ path: `/crm/objects/${version}/${type}/search`, body, cost: SEARCH });
  const { total, results } = parseShape(`${type}.search`, searchSchema, answer.body);
  return { total, objects: objectsOf(type, results) };
}

/**
 * Records changed since a time (epoch ms), by page, with only their times, because other values in search may be outdated. A
 * search ends after 10,000 results, so each page is a separate search for ids after the last one, starting after `from`. A
 * page with fewer records than its total implies is requested again.
 */
export async function* changedPages(
  asker: Requester,
  since: number,
  from: string,
): AsyncGenerator<HubspotObject[]> {
  const { type } = asker;
  const window = { propertyName: modifiedProperty(type), operator: "GTE", value: String(since) };
  let last = from;
  for (;;) {
    const behind = { propertyName: "hs_object_id", operator: "GT", value: last };
    const { total, objects } = await readConsistent(pagesOf(type), async () => {
      const page = await search(asker, [window, behind], SEARCH_PAGE);
      const isWhole = page.objects.length >= Math.min(page.total, SEARCH_PAGE);
      return isWhole && page.objects.every(({ id }) => Number(id) > Number(last)) ? page : null;
    });
    if (objects.length > 0) yield objects;
    last = objects.at(-1)?.id ?? last;
    if (total <= objects.length) return;
  }
}

/** Number of records created before a time (epoch ms), according to search. */
export async function countBefore(asker: Requester, before: number): Promise<number> {
  const created = { propertyName: "createdate", operator: "LT", value: String(before) };
  return (await search(asker, [created], 1)).total;
}

/** Current records by id, without archived or deleted ones. At most 100 ids. */
export async function byIds({ type, version, call }: Requester, ids: string[]): Promise<HubspotObject[]> {
  const inputs = ids.map((id): Json => ({ id }));
  const path = `/crm/objects/${version}/${type}/batch/read`;
  const { body } = await call({ path, body: { inputs, properties: PROPERTIES[type] }, cost: ONE });
  return objectsOf(
    type,
    parseShape(`${type}.batch`, z.object({ results: z.array(z.unknown()) }), body).results,
  );
}

const associationsSchema = z.object({
  results: z.array(
    z.object({
      from: z.object({ id: z.coerce.string() }),
      to: z.array(z.object({ toObjectId: z.coerce.string() })),
      paging: z.object({ next: z.object({ after: z.string() }).optional() }).optional(),
    }),
  ),
});

/** Ids of the contacts of deals, ascending, by deal. Deals without contacts are left out. */
export async function contactsOf(
  { version, call }: Requester,
  deals: string[],
): Promise<Map<string, string[]>> {
  const found = new Map<string, Set<string>>();
  let wanted: { id: string; after?: string }[] = deals.map((id) => ({ id }));
  while (wanted.length > 0) {
    const inputs = wanted.slice(0, BATCH).map((input): Json => ({ ...input }));
    const path = `/crm/associations/${version}/deals/contacts/batch/read`;
    const { body } = await call({ path, body: { inputs }, cost: ONE });
    const { results } = parseShape("associations", associationsSchema, body);
    for (const { from, to } of results) {
      const own = found.get(from.id) ?? new Set();
      for (const { toObjectId } of to) own.add(toObjectId);
      found.set(from.id, own);
    }
    const rest = results.flatMap(({ from, paging }) =>
      paging?.next ? [{ id: from.id, after: paging.next.after }] : [],
    );
    wanted = [...wanted.slice(BATCH), ...rest];
  }
  return new Map([...found].map(([id, own]) => [id, [...own].sort((a, b) => Number(a) - Number(b))]));
}

const pagesOf = (type: HubspotType) => ({
  attempts: ATTEMPTS,
  failure: `${type}: repeated or incomplete pages`,
});

/** Search has its own limit and does not count towards the other. */
const SEARCH = { search: 1 };
const ONE = { requests: 1 };
