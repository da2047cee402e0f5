/**
 * HubSpot's search: filters, sorts and limits as in "Search the CRM" — groups are joined by OR, their filters by
 * AND; at most 5 groups, 6 filters in each and 18 in all; 200 records a page and 10,000 a query.
 * @module
 */
import { z } from "zod";
import type { HubspotRecord } from "./objects.ts";

const MAX_GROUPS = 5;
const MAX_GROUP_FILTERS = 6;
const MAX_FILTERS = 18;
const MAX_PAGE = 200;
const MAX_RESULTS = 10_000;

const valueSchema = z.union([z.string(), z.number()]).transform(String);
const filterSchema = z.object({
  propertyName: z.string(),
  operator: z.enum([
    "EQ",
    "NEQ",
    "LT",
    "LTE",
    "GT",
    "GTE",
    "BETWEEN",
    "IN",
    "NOT_IN",
    "HAS_PROPERTY",
    "NOT_HAS_PROPERTY",
  ]),
  value: valueSchema.optional(),
  highValue: valueSchema.optional(),
  values: z.array(valueSchema).optional(),
});
const sortSchema = z.union([
  z.string().transform((propertyName) => ({ propertyName, direction: "ASCENDING" as const })),
  z.object({ propertyName: z.string(), direction: z.enum(["ASCENDING", "DESCENDING"]).default("ASCENDING") }),
]);
const searchSchema = z.object({
  filterGroups: z.array(z.object({ filters: z.array(filterSchema) })).default([]),
  sorts: z.array(sortSchema).default([]),
  properties: z.array(z.string()).default([]),
  limit: z.coerce.number().int().min(1).max(MAX_PAGE).default(10),
  after: z.coerce.number().int().min(0).catch(0).default(0),
});

type Filter = z.infer<typeof filterSchema>;
/** A valid search. */
export type Search = z.infer<typeof searchSchema>;

/** Parses a search's body: the search, or the error. */
export function parseSearch(body: unknown): Search | string {
  const parsed = searchSchema.safeParse(body ?? {});
  if (!parsed.success) return `Invalid input JSON: ${z.prettifyError(parsed.error)}`;
  const { filterGroups, limit, after, sorts } = parsed.data;
  if (filterGroups.length > MAX_GROUPS) return `filterGroups may hold at most ${MAX_GROUPS} groups`;
  if (filterGroups.some(({ filters }) => filters.length > MAX_GROUP_FILTERS))
    return `a filter group may hold at most ${MAX_GROUP_FILTERS} filters`;
  if (filterGroups.flatMap(({ filters }) => filters).length > MAX_FILTERS)
    return `a search may hold at most ${MAX_FILTERS} filters`;
  if (sorts.length > 1) return "only one sort rule may be applied";
  if (after + limit > MAX_RESULTS) return `Paging past ${MAX_RESULTS} results is not possible`;
  return parsed.data;
}

/** A value for comparison: numbers and times as numbers, a time as text or epoch milliseconds. */
function comparable(text: string): number | string {
  if (/^-?\d+(\.\d+)?$/.test(text)) return Number(text);
  return /^\d{4}-\d{2}-\d{2}/.test(text) ? Date.parse(text) : text;
}

function order(a: string, b: string): number {
  const [left, right] = [comparable(a), comparable(b)];
  if (typeof left === "number" && typeof right === "number") return left - right;
  return String(left).localeCompare(String(right), "en");
}

function passes(
  record: HubspotRecord,
  { propertyName, operator, value = "", highValue = "", values = [] }: Filter,
) {
  const own = record.properties[propertyName] ?? null;
  if (operator === "HAS_PROPERTY") return own !== null;
  if (operator === "NOT_HAS_PROPERTY") return own === null;
  if (own === null) return operator === "NEQ" || operator === "NOT_IN";
  const compared = order(own, value);
  if (operator === "EQ") return compared === 0;
  if (operator === "NEQ") return compared !== 0;
  if (operator === "GT") return compared > 0;
  if (operator === "GTE") return compared >= 0;
  if (operator === "LT") return compared < 0;
  if (operator === "LTE") return compared <= 0;
  if (operator === "BETWEEN") return compared >= 0 && order(own, highValue) <= 0;
  return values.some((one) => order(own, one) === 0) === (operator === "IN");
}

/** The records of a search, in its order; by default, by id. */
export function findRecords(records: HubspotRecord[], { filterGroups, sorts }: Search): HubspotRecord[] {
  const found = records.filter(
    (record) =>
      !record.archived &&
      (filterGroups.length === 0 ||
        filterGroups.some(({ filters }) => filters.every((filter) => passes(record, filter)))),
  );
  const [sort] = sorts;
  if (sort === undefined) return found;
  const sign = sort.direction === "ASCENDING" ? 1 : -1;
  const key = ({ properties }: HubspotRecord) => properties[sort.propertyName] ?? "";
  return found.sort((a, b) => sign * order(key(a), key(b)) || Number(a.id) - Number(b.id));
}
