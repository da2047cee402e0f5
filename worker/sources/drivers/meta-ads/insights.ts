/**
 * Daily performance of ads. Each day is one query and all days of a slice are one batch, page by page; a day that is too
 * large for a response is made as a report. Parameters with defaults of the vendor are explicit: attribution windows, action
 * report time, no action breakdown, and every status, because deleted and archived ads are left out otherwise. The total of a
 * day reveals repeated or skipped pages.
 * @module
 */
import { z } from "zod";
import { type Slice, SourceError, type SourceRecord } from "../../vendor/driver";
import { parseShape } from "../parse-answer";
import { type Asker, askMany, askOne, type Part } from "./batch";
import { countsOf, insightRecord, STATUSES } from "./objects";
import { LARGEST_PAGE, smallerPage } from "./page-size";
import { makeReports } from "./reports";

/** Attempts for a day with inconsistent pages. */
const ATTEMPTS = 5;
const DAY_MS = 86_400_000;

const COUNTS = "account_currency,impressions,clicks,spend,actions,action_values";
const FIELDS = `account_id,campaign_id,campaign_name,adset_id,adset_name,ad_id,ad_name,${COUNTS}`;

/** Requester and account. */
export interface InsightAsker extends Asker {
  /** `act_` and the account's id. */
  node: string;
  /** Action types; the first that exists counts as a conversion. */
  types: readonly string[];
}

const pageSchema = z.object({
  data: z.array(z.looseObject({})),
  paging: z
    .object({ cursors: z.object({ after: z.string() }).optional(), next: z.string().optional() })
    .optional(),
  summary: z.looseObject({ impressions: z.string(), clicks: z.string(), spend: z.string() }).optional(),
});

/** A day being read. */
interface Day {
  day: string;
  /** Path of its pages: the account, or a finished report. */
  source: string;
  limit: number;
  after: string | undefined;
  records: Map<string, SourceRecord>;
  /** Totals returned with the pages. */
  totals: Counts[];
  /** Number of inconsistent passes. */
  failures: number;
}

type Counts = ReturnType<typeof countsOf>;

/** Days of a slice, newest first. */
export function daysOf({ from, to }: Slice): string[] {
  const days: string[] = [];
  for (let time = Date.parse(to); time >= Date.parse(from); time -= DAY_MS)
    days.push(new Date(time).toISOString().slice(0, 10));
  return days;
}

/** Records of all days of a slice, one day at a time. */
export async function* readInsights(asker: InsightAsker, slice: Slice): AsyncGenerator<SourceRecord[]> {
  const source = asker.node;
  const fresh = { source, limit: LARGEST_PAGE, after: undefined, failures: 0 };
  let open = daysOf(slice).map((day): Day => ({ ...fresh, day, records: new Map(), totals: [] }));
  while (open.length > 0) {
    const answers = await askMany(
      asker,
      open.map((own) => pageOf(asker, own)),
    );
    const next: Day[] = [];
    const large: Day[] = [];
    for (const [i, own] of open.entries()) {
      const answer = answers[i];
      if (answer === undefined || "tooMuch" in answer) (own.source === source ? large : next).push(own);
      if (answer !== undefined && "tooMuch" in answer && own.source !== source)
        own.limit = smallerPage(own.limit, answer.tooMuch);
      if (answer === undefined || "tooMuch" in answer) continue;
      if (take(asker, own, answer.body)) yield [...own.records.values()];
      else next.push(own);
    }
    if (large.length > 0) await report(asker, large);
    open = [...next, ...large];
  }
}

/** Creates reports for days. */
async function report(asker: InsightAsker, days: Day[]): Promise<void> {
  const parts = days.map(({ day }): Part => {
    const form = questionOf({ from: day, to: day }, "ad", FIELDS).toString();
    return { path: `${asker.node}/insights`, form };
  });
  const runs = await makeReports(asker, parts);
  for (const [i, own] of days.entries()) {
    own.source = runs[i] ?? own.source;
    startOver(own);
  }
}

function pageOf({ node }: InsightAsker, { source, day, limit, after }: Day): Part {
  const query =
    source === node
      ? questionOf({ from: day, to: day }, "ad", FIELDS)
      : new URLSearchParams({ default_summary: "true" });
  query.set("limit", String(limit));
  if (after !== undefined) query.set("after", after);
  return { path: `${source}/insights?${query}` };
}

/** Adds a page; returns whether the day is complete. */
function take(asker: InsightAsker, own: Day, body: unknown): boolean {
  const { data, paging, summary } = parseShape("ad_insights", pageSchema, body);
  const rows = data.map((row) => insightRecord(row, asker.types));
  if (rows.some(({ ad_id }) => own.records.has(String(ad_id)))) return tryAgain(own);
  for (const row of rows) own.records.set(String(row.ad_id), row);
  own.after = paging?.next === undefined ? undefined : paging.cursors?.after;
  const account_currency = [...own.records.values()][0]?.account_currency ?? "USD";
  if (summary !== undefined) own.totals.push(countsOf({ ...summary, account_currency }, []));
  if (own.after !== undefined) return false;
  if (addsUp(own)) return true;
  startOver(own);
  return tryAgain(own);
}

const SUMS = ["impressions", "clicks", "spend_minor"] as const;
/** A day that is not over changes between pages: the sum of its pages must be between their totals. */
function addsUp({ records, totals }: Day): boolean {
  return SUMS.every((name) => {
    const sum = [...records.values()].reduce((before, row) => before + Number(row[name]), 0);
    const all = totals.map((own) => own[name]);
    return all.length === 0 || (sum > Math.min(...all) - 0.01 && sum < Math.max(...all) + 0.01);
  });
}

function startOver(own: Day): void {
  own.after = undefined;
  own.records.clear();
  own.totals = [];
}

function tryAgain(own: Day): false {
  if (++own.failures === ATTEMPTS)
    throw new SourceError("unavailable", `ad_insights: the pages of ${own.day} are inconsistent`);
  return false;
}

function questionOf({ from, to }: Slice, level: "ad" | "account", fields: string): URLSearchParams {
  const query = new URLSearchParams({
    level,
    fields,
    time_range: JSON.stringify({ since: from, until: to }),
    time_increment: "1",
    action_attribution_windows: '["7d_click","1d_view"]',
    action_report_time: "mixed",
    action_breakdowns: "[]",
  });
  if (level === "account") return query;
  const status = { field: "ad.effective_status", operator: "IN", value: STATUSES.ads };
  query.set("filtering", JSON.stringify([status]));
  query.set("default_summary", "true");
  return query;
}

/** Totals of the account for each day of a slice; zeros where the vendor has none. */
export async function accountDays(asker: InsightAsker, slice: Slice) {
  const found = new Map<string, ReturnType<typeof countsOf>>();
  for (let after: string | undefined; ; ) {
    const query = questionOf(slice, "account", COUNTS);
    query.set("limit", String(LARGEST_PAGE));
    if (after !== undefined) query.set("after", after);
    const body = await askOne(asker, { path: `${asker.node}/insights?${query}` });
    const { data, paging } = parseShape("insights", pageSchema, body);
    for (const row of data) found.set(String(row.date_start), countsOf(row, asker.types));
    after = paging?.next === undefined ? undefined : paging.cursors?.after;
    if (after === undefined) break;
  }
  const none = { impressions: 0, clicks: 0, spend_minor: 0, conversions: 0, value_minor: 0 };
  return daysOf(slice).map((day) => ({ day, totals: found.get(day) ?? none }));
}
