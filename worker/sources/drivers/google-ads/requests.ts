/**
 * The two kinds of queries: `searchStream` for days, whose last batch contains the sums of all metrics, and `search` for
 * lists, which returns the number of rows. So missing or repeated rows are detected. One query is one operation of the daily
 * quota.
 */
import { z } from "zod";
import type { Answer, DriverContext } from "../../vendor/driver";
import { parseShape } from "../parse-answer";
import { readConsistent } from "../read-consistent";
import { type Gaql, gaql } from "./gaql";

/** Attempts for an inconsistent response. */
const ATTEMPTS = 3;

/** A customer, and the manager through which it is queried. */
export interface Asker {
  customer: string;
  login: string;
  context: DriverContext;
}

const int = z.union([z.number().int(), z.string().regex(/^-?\d+$/)]).transform(Number);
const metrics = z.object({
  impressions: int,
  clicks: int,
  costMicros: int,
  conversions: z.number(),
  conversionsValue: z.number(),
});
const rowSchema = z.object({ metrics });
/** Without rows there are no sums to compare, and zeros may be omitted. */
const summarySchema = z.object({ metrics: metrics.partial().optional() });
/** Metrics that every query of days selects, so that its rows can be summed. */
export const METRICS = ["impressions", "clicks", "cost_micros", "conversions", "conversions_value"].map(
  (name) => `metrics.${name}`,
);
type Sums = z.infer<typeof metrics>;

const batchesSchema = z.array(
  z.object({ results: z.array(z.unknown()).optional(), summaryRow: z.unknown().optional() }),
);

/** Rows of a query that selects `METRICS`. @throws SourceError `unavailable` when their sums differ from the summary. */
export async function stream(asker: Asker, query: Gaql): Promise<unknown[]> {
  return readConsistent(rowsOf(query), async () => {
    const body = { query: gaql(query), summaryRowSetting: "SUMMARY_ROW_WITH_RESULTS" };
    const batches = parseShape(query.from, batchesSchema, (await call(asker, "searchStream", body)).body);
    const rows = batches.flatMap(({ results }) => results ?? []);
    const sums = addUp(rows.map((row) => parseShape(query.from, rowSchema, row).metrics));
    const said = batches.flatMap(({ summaryRow }) =>
      summaryRow === undefined
        ? []
        : [parseShape(`${query.from}.summary`, summarySchema, summaryRow).metrics ?? {}],
    );
    return agree(sums, addUp(said)) ? rows : null;
  });
}

function addUp(rows: Partial<Sums>[]): Sums {
  const sums: Sums = { impressions: 0, clicks: 0, costMicros: 0, conversions: 0, conversionsValue: 0 };
  for (const row of rows) {
    sums.impressions += row.impressions ?? 0;
    sums.clicks += row.clicks ?? 0;
    sums.costMicros += row.costMicros ?? 0;
    sums.conversions += row.conversions ?? 0;
    sums.conversionsValue += row.conversionsValue ?? 0;
  }
  return sums;
}

/** Integers must be equal; fractional conversions are rounded by the API. */
function agree(a: Sums, b: Sums): boolean {
  const isNear = (x: number, y: number) => Math.abs(x - y) <= 0.01 + Math.abs(y) / 1000;
  return (
    a.impressions === b.impressions &&
    a.clicks === b.clicks &&
    a.costMicros === b.costMicros &&
    isNear(a.conversions, b.conversions) &&
    isNear(a.conversionsValue, b.conversionsValue)
  );
}

const pageSchema = z.object({
  results: z.array(z.unknown()).optional(),
  nextPageToken: z.string().optional(),
  /** An int64; omitted when zero. */
  totalResultsCount: int.optional(),
});

/** All rows of a query without metrics. @throws SourceError `unavailable` when their number differs from the total. */
export async function search(asker: Asker, query: Gaql): Promise<unknown[]> {
  return readConsistent(rowsOf(query), async () => {
    const rows = new Map<string, unknown>();
    let count = 0;
    let total = 0;
    let pageToken: string | undefined;
    do {
      const body = {
        query: gaql(query),
        searchSettings: { returnTotalResultsCount: true },
        // A page has 10,000 rows; setting a size is an error.
        ...(pageToken !== undefined && { pageToken }),
      };
      const page = parseShape(query.from, pageSchema, (await call(asker, "search", body)).body);
      for (const row of page.results ?? []) rows.set(resourceOf(query.from, row), row);
      count += page.results?.length ?? 0;
      total = page.totalResultsCount ?? 0;
      if (count > total) return null;
      pageToken = page.nextPageToken || undefined;
    } while (pageToken !== undefined);
    return rows.size === total ? [...rows.values()] : null;
  });
}

const namedSchema = z.record(z.string(), z.unknown());
const nameSchema = z.object({ resourceName: z.string() });

/** The row's own resource name is always included. */
function resourceOf(from: string, row: unknown): string {
  const name = from.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
  return parseShape(from, nameSchema, parseShape(from, namedSchema, row)[name]).resourceName;
}

function call(
  { customer, login, context }: Asker,
  verb: string,
  body: Record<string, unknown>,
): Promise<Answer> {
  const path = `/${context.version}/customers/${customer}/googleAds:${verb}`;
  const headers = { "login-customer-id": login, "content-type": "application/json" };
  return context.call({ path, method: "POST", headers, body: JSON.stringify(body) }, customer);
}

const rowsOf = ({ from }: Gaql) => ({
  attempts: ATTEMPTS,
  failure: `${from}: the rows do not match Google Ads' own count`,
});
