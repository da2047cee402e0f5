/**
 * Parameters of a Graph API call: from the query string, a form or both, with JSON inside some of them; and cursor
 * paging. After the vendor's pages "Graph API overview", "Paginated Results" and "Insights API: Parameters".
 * @module
 */
import type { VendorAnswer, VendorRequest } from "../server/routes.ts";
import { badParameter, graphError } from "./errors.ts";

/** The parameters of a call; a form's take precedence over the query's. */
export function parametersOf(request: VendorRequest): URLSearchParams {
  const all = new URLSearchParams(request.query);
  for (const [name, value] of new URLSearchParams(request.body)) all.set(name, value);
  return all;
}

/** A parameter's JSON; undefined when it is missing or malformed. */
export function jsonOf(parameters: URLSearchParams, name: string): unknown {
  try {
    return JSON.parse(parameters.get(name) ?? "");
  } catch {
    return undefined;
  }
}

/** The names of `fields`, without the nested fields in braces. */
export function fieldsOf(parameters: URLSearchParams): string[] {
  let text = parameters.get("fields") ?? "";
  while (/\{[^{}]*\}/.test(text)) text = text.replaceAll(/\{[^{}]*\}/g, "");
  return text
    .split(",")
    .map((name) => name.trim())
    .filter(Boolean);
}

/** The statuses in `filtering` or `effective_status`; undefined without. */
export function statusFilter(parameters: URLSearchParams, level: string): string[] | undefined {
  const plain = jsonOf(parameters, "effective_status");
  if (Array.isArray(plain)) return plain.map(String);
  const filters = jsonOf(parameters, "filtering");
  for (const filter of Array.isArray(filters) ? filters : []) {
    const isOurs = [`${level}.effective_status`, "effective_status"].includes(String(filter?.field));
    if (isOurs && String(filter?.operator).toUpperCase() === "IN" && Array.isArray(filter?.value))
      return filter.value.map(String);
  }
  return undefined;
}

/** Most rows per page: more is "too much data", not fewer rows. The vendor publishes no number; this one is ours. */
const LIMIT_MAX = 5_000;
const LIMIT_DEFAULT = 25;

/** Sums of an insights query ("Parameters", `default_summary`) over all its pages. */
function summaryOf(rows: object[]): Record<string, string> {
  const sum = (name: string, digits: number) =>
    rows
      .reduce(
        (before, row) => before + Number(Object.entries(row).find(([own]) => own === name)?.[1] ?? 0),
        0,
      )
      .toFixed(digits);
  return { impressions: sum("impressions", 0), clicks: sum("clicks", 0), spend: sum("spend", 2) };
}

const cursor = (index: number) => Buffer.from(`row:${index}`).toString("base64url");
const indexOf = (text: string) =>
  Number(/^row:(\d+)$/.exec(Buffer.from(text, "base64url").toString())?.[1] ?? Number.NaN);

/**
 * One page of rows: `cursors`, and `next` with the whole URL (the token in it, as the vendor does) unless it is the
 * last. Faults return the rows of the previous page, or skip a page as when rows change while they are read.
 */
export function page(
  rows: object[],
  parameters: URLSearchParams,
  url: string,
  takes: (fault: "repeat_page" | "skip_page") => boolean,
): VendorAnswer {
  const limit = Number(parameters.get("limit") ?? LIMIT_DEFAULT);
  if (limit > LIMIT_MAX)
    return badParameter(
      "Please reduce the amount of data you're asking for, then retry your request",
      1487534,
    );
  const after = parameters.get("after");
  const asked = after === null ? 0 : indexOf(after);
  const start = asked > 0 && takes("skip_page") ? asked + limit : asked;
  if (!Number.isInteger(start) || !(limit > 0))
    return graphError({ code: 100, message: "(#100) Invalid cursors values", type: "OAuthException" });
  const end = Math.min(start + limit, rows.length);
  const from = start > 0 && takes("repeat_page") ? Math.max(0, start - limit) : start;
  const data = rows.slice(from, from === start ? end : start);
  const asks = jsonOf(parameters, "summary");
  const total = Array.isArray(asks) && asks.includes("total_count") && { total_count: rows.length };
  const summed =
    total || (parameters.get("default_summary") === "true" && rows.length > 0 && summaryOf(rows));
  const summary = summed && { summary: summed };
  if (data.length === 0) return { body: { data, ...summary } };
  const next = new URLSearchParams(parameters);
  next.set("after", cursor(end));
  const cursors = { before: cursor(start), after: cursor(end) };
  return {
    body: { data, paging: { cursors, ...(end < rows.length && { next: `${url}?${next}` }) }, ...summary },
  };
}
