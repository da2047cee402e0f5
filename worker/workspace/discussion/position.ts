/**
 * Where a list goes on: a moment and an id, newest first. Written as an opaque text for whoever asks.
 * @module
 */

/** The last row of a page. */
export interface Position {
  at: number;
  id: string;
}

/** Before the newest row there can be. */
export const NEWEST: Position = { at: Number.MAX_SAFE_INTEGER, id: "" };

/** What a cursor looks like; another text is not one that a list has answered. */
export const CURSOR = /^(-?\d{1,16})_([0-9a-z]{1,40})$/;

/** Reads what `nextCursor` wrote; undefined and anything else stand for the beginning. */
export function positionOf(cursor: string | undefined): Position {
  const [, at, id] = CURSOR.exec(cursor ?? "") ?? [];
  return at === undefined || id === undefined ? NEWEST : { at: Number(at), id };
}

/** Cuts a list that was read with one row more than `limit`: the page, and where the next one begins. */
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
