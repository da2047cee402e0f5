/**
 * Stripe's lists ("Pagination"): newest first, 100 per page, `starting_after`, `has_more`. Each page is requested from the
 * second-last object, so that it must start with the last one: repeated or skipped pages are detected. An end is accepted
 * only when a request after it returns nothing more.
 */
import { z } from "zod";
import { retryWhileNull } from "../../../lib/retry";
import type { DriverContext } from "../../vendor/driver";
import { parseShape } from "../parse-answer";

/** Position in a list: the last object, and the one before it if there is one. */
export interface ListCursor {
  before: string | null;
  last: string;
}

/** An object of a list. */
export type Listed = z.infer<typeof listed>;
const listed = z.looseObject({ id: z.string(), created: z.number() });
const listSchema = z.object({ data: z.array(listed), has_more: z.boolean() });

const PAGE = 100;
/** Attempts for a page that does not connect. */
const ATTEMPTS = 5;

/** The list cannot be continued: the object at the cursor was removed, or pages never connect. */
export class ListMoved extends Error {
  override name = "ListMoved";
}

/** Requests one path with the source's account. */
export type Ask = (path: string) => ReturnType<DriverContext["call"]>;

/**
 * Pages of a list from a cursor to its end. Pages have at least one object. `query` is encoded, without `?`. @throws
 * ListMoved when the cursor is no longer valid.
 */
export async function* listPages(
  ask: Ask,
  path: string,
  query: string,
  from: ListCursor | null,
): AsyncGenerator<{ objects: Listed[]; cursor: ListCursor }> {
  let cursor = from;
  for (;;) {
    const objects = await pageBehind(ask, path, query, cursor);
    const last = objects.at(-1);
    if (last === undefined) return;
    cursor = { before: objects.at(-2)?.id ?? cursor?.last ?? null, last: last.id };
    yield { objects, cursor };
  }
}

/** The objects after a cursor; empty only at the end. */
async function pageBehind(
  ask: Ask,
  path: string,
  query: string,
  cursor: ListCursor | null,
): Promise<Listed[]> {
  const after = cursor && `starting_after=${encodeURIComponent(cursor.before ?? cursor.last)}`;
  const url = `${path}?${[`limit=${PAGE}`, query, after].filter(Boolean).join("&")}`;
  const page = await retryWhileNull(ATTEMPTS, async () => {
    const answer = await ask(url);
    // An unknown `starting_after`, which `failure` does not treat as an error.
    if (answer.status !== 200) throw new ListMoved(path);
    const { data, has_more } = parseShape(path, listSchema, answer.body);
    const objects = joined(data, cursor);
    return objects && (objects.length > 0 || !has_more) ? objects : null;
  });
  if (page === null) throw new ListMoved(path);
  return page;
}

/** The page without its overlap with the one before, or null when the two do not connect. */
function joined(data: Listed[], cursor: ListCursor | null): Listed[] | null {
  if (cursor === null) return data;
  if (cursor.before === null) return data.some(({ id }) => id === cursor.last) ? null : data;
  return data[0]?.id === cursor.last ? data.slice(1) : null;
}
