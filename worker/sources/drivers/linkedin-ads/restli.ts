/**
 * Requests of Rest.li 2.0, whose query is built manually: parentheses, colons and commas of lists and records are not
 * encoded, but their values are ("Protocol Versions"). Queries too long for a URL are tunneled.
 * @module
 */
import type { Call } from "../../vendor/driver";

/** "Query Tunneling": a query of about 4 kB or more goes into the body of a POST. */
const QUERY_BYTES = 4_000;

/** Encodes a value inside lists and records; `encodeURIComponent` does not encode parentheses, which are syntax here. */
export function value(text: string): string {
  return encodeURIComponent(text).replaceAll(
    /[!'()*]/g,
    (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** `List(a,b)`. */
export function list(texts: readonly string[]): string {
  return `List(${texts.map(value).join(",")})`;
}

/** `(year:2026,month:11,day:1)` of `YYYY-MM-DD`. */
export function date(day: string): string {
  const [year, month, of] = day.split("-").map(Number);
  return `(year:${year},month:${month},day:${of})`;
}

/** A call of a finder; values are already encoded. */
export function finder(
  path: string,
  q: string,
  parameters: Record<string, string>,
  cost: Call["cost"],
): Call {
  const query = Object.entries({ q, ...parameters })
    .map(([name, written]) => `${name}=${written}`)
    .join("&");
  const headers = { "x-restli-method": "FINDER" };
  if (query.length < QUERY_BYTES) return { path: `${path}?${query}`, headers, cost };
  return {
    method: "POST",
    path,
    headers: {
      ...headers,
      "x-http-method-override": "GET",
      "content-type": "application/x-www-form-urlencoded",
    },
    body: query,
    cost,
  };
}

/** The id at the end of a URN. */
export function idOf(urn: string): string {
  return urn.slice(urn.lastIndexOf(":") + 1);
}
