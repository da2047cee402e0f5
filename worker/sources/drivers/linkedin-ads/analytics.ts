/**
 * The finder `analytics` of adAnalytics ("Reporting"): no pagination, at most 20 fields, and responses silently truncated at
 * 15,000 elements. Fields are requested in chunks that are merged by entity and day; each chunk includes the impressions, so
 * that chunks of different moments are detected.
 */
import { z } from "zod";
import { DAY_MS, MINUTE_MS } from "../../../lib/time";
import { type DriverContext, type Limit, type Slice, SourceError } from "../../vendor/driver";
import { parseShape } from "../parse-answer";
import { date, finder, idOf, list } from "./restli";

/** Number of elements at which the vendor truncates; exactly this many count as truncated. */
export const ELEMENTS_MAX = 15_000;
/** "Up to 20 metrics": those left beside `dateRange`, `pivotValues` and `impressions`. */
const CHUNK_FIELDS = 17;
/** "Data throttling": 45 million metric values in five minutes. */
export const VALUES_LIMIT: Limit = { name: "metric_values", calls: 45_000_000, perMs: 5 * MINUTE_MS };

const money = z
  .union([z.string(), z.number()])
  .transform(String)
  .pipe(z.string().regex(/^-?\d+(\.\d+)?$/))
  // Normalizes amounts, so that equal ones are equal texts: `24.40` is `24.4`.
  .transform((text) => (text.includes(".") ? text.replace(/\.?0+$/, "") : text));
const count = z.number().int().nonnegative();
const FIELDS = {
  clicks: count,
  landingPageClicks: count,
  totalEngagements: count,
  likes: count,
  comments: count,
  shares: count,
  follows: count,
  videoViews: count,
  videoCompletions: count,
  oneClickLeads: count,
  oneClickLeadFormOpens: count,
  viralImpressions: count,
  viralClicks: count,
  costInLocalCurrency: money,
  externalWebsiteConversions: count,
  externalWebsitePostClickConversions: count,
  externalWebsitePostViewConversions: count,
  conversionValueInLocalCurrency: money,
} as const;
type Field = keyof typeof FIELDS;
const isField = (name: string): name is Field => name in FIELDS;
/** All metrics except the impressions. */
export const ALL_FIELDS: readonly Field[] = Object.keys(FIELDS).filter(isField);
/** Metrics compared between campaigns and accounts. */
export const SUM_FIELDS = [
  "clicks",
  "costInLocalCurrency",
  "externalWebsiteConversions",
  "conversionValueInLocalCurrency",
] as const satisfies readonly Field[];

/** A day of an entity; money is text. */
export interface Metrics {
  day: string;
  entity: string;
  impressions: number;
  values: Partial<Record<Field, string | number>>;
}

/** The query: days of a level, of an account or of some of its campaigns (50 at most). */
export interface Question {
  pivot: "CREATIVE" | "CAMPAIGN" | "ACCOUNT";
  slice: Slice;
  fields: readonly Field[];
  account: string;
  campaigns?: readonly string[];
}

/** The response may have been truncated. */
export type Cut = "cut";

/** Days by entity; `cut` when the vendor has truncated the response. @throws SourceError */
export async function ask(
  question: Question,
  context: DriverContext,
  max: number,
): Promise<Map<string, Metrics> | Cut> {
  const found = new Map<string, Metrics>();
  for (let at = 0; at < question.fields.length; at += CHUNK_FIELDS) {
    const fields = question.fields.slice(at, at + CHUNK_FIELDS);
    const chunk = await askChunk({ ...question, fields }, context);
    if (chunk.size >= max) return "cut";
    if (at > 0 && !fits(found, chunk))
      throw new SourceError("unavailable", "adAnalytics: the numbers changed during the read");
    for (const [key, { values, ...own }] of chunk)
      found.set(key, { ...own, values: { ...found.get(key)?.values, ...values } });
  }
  return found;
}

/** Whether two chunks are of the same moment. An entity without impressions may be missing where its other fields are zero. */
function fits(a: Map<string, Metrics>, b: Map<string, Metrics>): boolean {
  return [...new Set([...a.keys(), ...b.keys()])].every(
    (key) => (a.get(key)?.impressions ?? 0) === (b.get(key)?.impressions ?? 0),
  );
}

const dateSchema = z.object({ year: z.number().int(), month: z.number().int(), day: z.number().int() });
const elementSchema = z.looseObject({
  dateRange: z.object({ start: dateSchema }),
  pivotValues: z.tuple([z.string().regex(/^urn:li:\w+:\d+$/)]),
  impressions: count,
});
const answerSchema = z.object({ elements: z.array(z.unknown()) });

async function askChunk(question: Question, context: DriverContext): Promise<Map<string, Metrics>> {
  const { pivot, slice, fields, account, campaigns } = question;
  const named = ["dateRange", "pivotValues", "impressions", ...fields];
  const facet: Record<string, string> = campaigns
    ? { campaigns: list(campaigns.map((id) => `urn:li:sponsoredCampaign:${id}`)) }
    : { accounts: list([`urn:li:sponsoredAccount:${account}`]) };
  const parameters = {
    pivot,
    timeGranularity: "DAILY",
    dateRange: `(start:${date(slice.from)},end:${date(slice.to)})`,
    ...facet,
    fields: named.join(","),
  };
  const days = (Date.parse(slice.to) - Date.parse(slice.from)) / DAY_MS + 1;
  const cost = { [VALUES_LIMIT.name]: named.length * (pivot === "ACCOUNT" ? days : ELEMENTS_MAX) };
  const { body } = await context.call(finder("/rest/adAnalytics", "analytics", parameters, cost), account);
  const found = new Map<string, Metrics>();
  for (const element of parseShape("adAnalytics", answerSchema, body).elements) {
    const { dateRange, pivotValues, impressions, ...more } = parseShape(
      "adAnalytics",
      elementSchema,
      element,
    );
    const values = Object.fromEntries(
      fields.map((name) => [name, parseShape(`adAnalytics.${name}`, FIELDS[name], more[name])]),
    );
    const { year, month, day: of } = dateRange.start;
    const day = [year, ...[month, of].map((part) => String(part).padStart(2, "0"))].join("-");
    const entity = idOf(pivotValues[0]);
    const key = `${entity}|${day}`;
    if (found.has(key)) throw new SourceError("unavailable", "adAnalytics: an element was returned twice");
    found.set(key, { day, entity, impressions, values });
  }
  return found;
}
