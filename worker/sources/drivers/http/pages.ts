/**
 * Pagination of HTTP APIs: none, by number, by offset, by cursor, or by `Link` header (RFC 8288).
 * @module
 */
import { type Answer, type DriverContext, SourceError } from "../../vendor/driver";
import { isFields, valueAt } from "../generic/map-record";
import type { HttpSettings } from "./settings";

const MAX_PAGES = 2_000;

/** Yields records by page. `since` is sent in the parameter that the settings name. Throws SourceError. */
export async function* pagesOf(
  settings: HttpSettings,
  context: DriverContext,
  since: string | null,
): AsyncGenerator<Record<string, unknown>[]> {
  let next: string | null = firstPath(settings, since);
  let before = "";
  let seen = 0;
  for (let page = 1; next !== null; page++) {
    if (page > MAX_PAGES) throw new SourceError("too_much", `over ${MAX_PAGES} pages`);
    const answer = await context.call({ path: next }, "default");
    const records = recordsOf(settings, answer.body);
    const text = JSON.stringify(records);
    // A repeated page would never end the list, or hide a missing one.
    if (records.length > 0 && text === before)
      throw new SourceError("unavailable", "a page is identical to the previous one");
    before = text;
    seen += records.length;
    yield records;
    next = nextPath(settings, next, answer, { page, seen, count: records.length });
  }
}

/** Returns the list in a response. @throws SourceError `schema` when there is none. */
function recordsOf({ records_path }: HttpSettings, body: unknown): Record<string, unknown>[] {
  const found = valueAt(body, records_path);
  const list = Array.isArray(found) ? found : records_path === "" && isFields(body) ? [body] : null;
  if (!list?.every(isFields))
    throw new SourceError(
      "schema",
      `no list of records at ${records_path || "the top level"} of the response`,
    );
  return list;
}

function firstPath(settings: HttpSettings, since: string | null): string {
  const url = new URL(settings.url);
  const { paging, page_parameter, page_size, size_parameter, since_parameter } = settings;
  if (since !== null && since_parameter) url.searchParams.set(since_parameter, since);
  if (size_parameter && page_size > 0) url.searchParams.set(size_parameter, String(page_size));
  if (paging === "page") url.searchParams.set(page_parameter || "page", "1");
  if (paging === "offset") url.searchParams.set(page_parameter || "offset", "0");
  return pathOf(url);
}

const pathOf = ({ pathname, search }: URL) => pathname + search;

function nextPath(
  settings: HttpSettings,
  path: string,
  answer: Answer,
  { page, seen, count }: { page: number; seen: number; count: number },
): string | null {
  const { paging, page_parameter, page_size, cursor_path } = settings;
  const url = new URL(path, settings.url);
  if (paging === "none") return null;
  if (paging === "link") return linkOf(answer.headers.get("link") ?? "", url);
  if (paging === "cursor") {
    const cursor = valueAt(answer.body, cursor_path || "next_cursor");
    if (cursor === null || cursor === undefined || cursor === "" || cursor === false) return null;
    // Some APIs return the full URL of the next page.
    if (typeof cursor === "string" && URL.canParse(cursor)) return sameOrigin(new URL(cursor), url);
    url.searchParams.set(page_parameter || "cursor", String(cursor));
    return pathOf(url);
  }
  // Without a page size only an empty page ends the list.
  if (count === 0 || (page_size > 0 && count < page_size)) return null;
  const at = paging === "page" ? page + 1 : seen;
  url.searchParams.set(page_parameter || paging, String(at));
  return pathOf(url);
}

/** `<https://…>; rel="next"`. */
function linkOf(header: string, base: URL): string | null {
  for (const part of header.split(/,\s*(?=<)/)) {
    const [, target = "", parameters = ""] = /^\s*<([^>]*)>(.*)$/.exec(part) ?? [];
    if (
      /;\s*rel\s*=\s*"?([^";]*\s)?next(\s[^";]*)?"?\s*(;|$)/i.test(parameters) &&
      URL.canParse(target, base.href)
    )
      return sameOrigin(new URL(target, base), base);
  }
  return null;
}

/** Keys are only sent to the host in the settings. */
function sameOrigin(url: URL, base: URL): string {
  if (url.origin !== base.origin) throw new SourceError("invalid", "the next page is on another host");
  return pathOf(url);
}
