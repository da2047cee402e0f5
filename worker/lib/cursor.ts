/**
 * Cursors of lists that are read newest first: the time and id of a page's last row, as an opaque text.
 * @module
 */
import { type Column, type SQL, sql } from "drizzle-orm";

/** The last row of a page. */
export interface Position {
  /** Epoch ms. */
  at: number;
  id: string;
}

/** Before the newest row that can exist. */
export const NEWEST: Position = { at: Number.MAX_SAFE_INTEGER, id: "" };

/** Format of a cursor. */
export const CURSOR = /^(-?\d{1,16})_([0-9a-z]{1,40})$/;

/** Parses a cursor; undefined and malformed texts mean the beginning. */
export function positionOf(cursor: string | undefined): Position {
  const [, at, id] = CURSOR.exec(cursor ?? "") ?? [];
  return at === undefined || id === undefined ? NEWEST : { at: Number(at), id };
}

/** Returns the condition for rows after the position in a list that is sorted by `at` and `id`, newest first. */
export function cursorCondition(at: Column, id: Column, position: Position): SQL {
  return sql`(${at}, ${id}) < (${position.at}, ${position.id})`;
}

/** Cuts a list that was read with one row more than `limit` to a page and the cursor of the next page. */
export function pageOf<T>(
  rows: readonly T[],
  limit: number,
  position: (row: T) => Position,
): { data: T[]; next_cursor: string | null } {
  const data = rows.slice(0, limit);
  const last = data.at(-1);
  if (rows.length <= limit || last === undefined) return { data, next_cursor: null };
  const { at, id } = position(last);
  return { data, next_cursor: `${at}_${id}` };
}
