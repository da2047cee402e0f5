/**
 * Queries in the Google Ads Query Language ("Query grammar"): conditions are joined by AND, there is no OR, quotes in texts
 * are escaped.
 * @module
 */
import type { Slice } from "../../vendor/driver";

/** Parts of a query. */
export interface Gaql {
  select: readonly string[];
  from: string;
  where?: readonly string[];
}

/** A quoted text. */
export function quoted(text: string): string {
  return `'${text.replaceAll(/[\\']/g, "\\$&")}'`;
}

/** Days of the customer's zone, both ends inclusive. */
export function during({ from, to }: Slice): string {
  return `segments.date BETWEEN ${quoted(from)} AND ${quoted(to)}`;
}

/** The text of a query. */
export function gaql({ select, from, where = [] }: Gaql): string {
  const conditions = where.length > 0 ? ` WHERE ${where.join(" AND ")}` : "";
  return `SELECT ${select.join(", ")} FROM ${from}${conditions}`;
}
