/**
 * HubSpot's ways to read records: list, search, batch, by id, and associations. From "CRM API | Objects"
 * (100 a page, archived ones separately), "Search the CRM" and "Retrieve associations" (batch read).
 * @module
 */
import { z } from "zod";
import type { Stage } from "../server/index.ts";
import { type Handler, jsonBody, type VendorAnswer, type VendorRequest } from "../server/routes.ts";
import { invalid, notFound } from "./errors.ts";
import {
  DEFAULT_PROPERTIES,
  HUBSPOT_TYPES,
  type HubspotRecord,
  type HubspotType,
  type HubspotWorld,
} from "./objects.ts";
import { findRecords, parseSearch } from "./search.ts";

const BATCH_MAX = 100;
/** Approximate maximum length of a list's query, characters. */
const URL_MAX = 15_000;
const idsSchema = z.object({
  inputs: z.array(z.object({ id: z.coerce.string() })),
  properties: z.array(z.string()).default([]),
});

/** Whether a path names one of the object types. */
export const isType = (text: string): text is HubspotType => HUBSPOT_TYPES.some((type) => type === text);
const singular = (type: HubspotType) => (type === "companies" ? "company" : type.slice(0, -1));
const listed = (text: string | null) => (text ?? "").split(",").filter((part) => part !== "");

/** A record with the requested properties; missing ones are null. */
function shown(type: HubspotType, { properties, ...rest }: HubspotRecord, asked: string[]): HubspotRecord {
  const modified = type === "contacts" ? "lastmodifieddate" : "hs_lastmodifieddate";
  const names =
    asked.length === 0 ? DEFAULT_PROPERTIES[type] : [...asked, "createdate", modified, "hs_object_id"];
  return { ...rest, properties: Object.fromEntries(names.map((name) => [name, properties[name] ?? null])) };
}

/** The handlers of records over `world`. */
export function makeHandlers(stage: Stage, world: HubspotWorld) {
  const { faults } = stage;
  const lastPage = new Map<string, VendorAnswer>();
  const show = (type: HubspotType, record: HubspotRecord, asked: string[]) =>
    faults.shape(type, shown(type, record, asked));

  /** A page, modified by the faults; `after` of the next one is `cursor` of the last index in it. */
  const page = (
    request: VendorRequest,
    rest: HubspotRecord[],
    limit: number,
    isFirst: boolean,
    cursor: (last: HubspotRecord, count: number) => string,
    render: (record: HubspotRecord) => object,
    more: object = {},
  ): VendorAnswer => {
    const { path } = request;
    const previous = lastPage.get(path);
    if (!isFirst && previous && faults.take("repeat_page", path)) return previous;
    const from = !isFirst && faults.take("skip_page", path) ? limit : 0;
    const cut = faults.take("truncate", path);
    const to = from + (cut ? Math.ceil(limit / 2) : limit);
    const shownNow = rest.slice(from, to);
    const last = shownNow.at(-1);
    const hasMore = last !== undefined && rest.length > to && cut?.variant !== "silent";
    const next = hasMore && {
      after: cursor(last, to),
      link: `${stage.url()}${path}?after=${cursor(last, to)}`,
    };
    const body = { ...more, results: shownNow.map(render), ...(next && { paging: { next } }) };
    const answer = { body };
    lastPage.set(path, answer);
    return answer;
  };

  const list: Handler = (request) => {
    const { query, search, params } = request;
    const { type = "" } = params;
    if (!isType(type)) return notFound();
    const limit = Number(query.get("limit") ?? 10);
    if (!(limit >= 1 && limit <= 100))
      return invalid(`limit must be between 1 and 100, not ${query.get("limit")}`);
    if (search.length > URL_MAX) return { status: 414, body: "URI Too Long" };
    const after = query.get("after");
    const wantsArchived = query.get("archived") === "true";
    const links = world.associations(stage.now());
    const asked = listed(query.get("properties"));
    const others = listed(query.get("associations")).filter(isType);
    const rest = world
      .records(stage.now())
      [type].filter(({ id, archived }) => archived === wantsArchived && Number(id) > Number(after ?? 0));
    const render = (record: HubspotRecord) => {
      const found = others.flatMap((other) => {
        const ids = links.get(record.id)?.[other] ?? [];
        const results = ids.map((id) => ({ id, type: `${singular(type)}_to_${singular(other)}` }));
        return ids.length === 0 ? [] : [[other, { results }] as const];
      });
      const associations = found.length > 0 ? { associations: Object.fromEntries(found) } : {};
      return { ...show(type, record, asked), ...associations };
    };
    return page(request, rest, limit, after === null, ({ id }) => id, render);
  };

  const search: Handler = (request) => {
    const { type = "" } = request.params;
    if (!isType(type)) return notFound();
    const asked = parseSearch(jsonBody(request));
    if (typeof asked === "string") return invalid(asked);
    const { after, limit, properties } = asked;
    // Eventually consistent: the index has the state of some time ago.
    const found = findRecords(world.records(stage.now() - faults.searchLagMs())[type], asked);
    const cursor = (_: HubspotRecord, count: number) => String(after + count);
    const render = (record: HubspotRecord) => show(type, record, properties);
    const total = { total: found.length };
    return page(request, found.slice(after), limit, after === 0, cursor, render, total);
  };

  const batch: Handler = (request) => {
    const { type = "" } = request.params;
    const asked = idsSchema.safeParse(jsonBody(request));
    if (!isType(type)) return notFound();
    if (!asked.success || asked.data.inputs.length > BATCH_MAX) return invalid(`at most ${BATCH_MAX} inputs`);
    const ids = new Set(asked.data.inputs.map(({ id }) => id));
    const found = world.records(stage.now())[type].filter(({ id, archived }) => !archived && ids.has(id));
    const results = found.map((record) => show(type, record, asked.data.properties));
    const missing = ids.size - found.length;
    const errors = { numErrors: 1, errors: [{ status: "error", category: "OBJECT_NOT_FOUND" }] };
    return {
      status: missing > 0 ? 207 : 200,
      body: { status: "COMPLETE", results, ...(missing > 0 && errors) },
    };
  };

  const associated: Handler = (request) => {
    const { from = "", to = "" } = request.params;
    const asked = idsSchema.safeParse(jsonBody(request));
    if (!isType(from) || !isType(to)) return notFound();
    if (!asked.success || asked.data.inputs.length > 1_000) return invalid("at most 1000 inputs");
    const links = world.associations(stage.now());
    const results = asked.data.inputs.flatMap(({ id }) => {
      const ids = links.get(id)?.[to] ?? [];
      const associationTypes = [{ category: "HUBSPOT_DEFINED", typeId: 279, label: null }];
      const ends = ids.map((toObjectId) => ({ toObjectId, associationTypes }));
      return ids.length === 0 ? [] : [{ from: { id }, to: ends }];
    });
    return { body: { status: "COMPLETE", results } };
  };

  const one: Handler = ({ params: { type = "", id = "" }, query }) => {
    if (!isType(type)) return notFound();
    const wantsArchived = query.get("archived") === "true";
    const found = world.records(stage.now())[type].find((record) => record.id === id);
    if (!found || found.archived !== wantsArchived) return notFound();
    return { body: show(type, found, listed(query.get("properties"))) };
  };
  return { list, search, batch, associated, one };
}
