/**
 * Stripe's lists ("Pagination"): newest first, 100 a page, `starting_after`, `has_more`. Each page is asked for from the
 * second-last object seen, so that it has to begin with the last one: a page that was repeated or passed over shows itself.
 * An end is believed when asking again behind it gives nothing more.
 * @module
 */
import { z } from "zod";
import { retryWhileNull } from "../../../lib/retry";
import type { DriverContext } from "../../vendor/driver";
import { parseShape } from "../parse-answer";

/** Where a list has been read to: the last object, and the one before it where there is one. */
export interface ListCursor {
  before: string | null;
  last: string;
}

/** An object of a list. */
export type Listed = z.infer<typeof listed>;
const listed = z.looseObject({ id: z.string(), created: z.number() });
const listSchema = z.object({ data: z.array(listed), has_more: z.boolean() });

const PAGE = 100;
/** Attempts for a page that does not fit. */
const ATTEMPTS = 5;

/** The list does not go on where it was left: an object that marked the place is gone, or pages never fit. */
export class ListMoved extends Error {
  override name = "ListMoved";
}

/** Asks one path with the source's account. */
export type Ask = (path: string) => ReturnType<DriverContext["call"]>;

/**
 * Pages of a list until its end, from a cursor on. Pages hold at least one object. `query` without `?`, encoded.
 * @throws ListMoved when the cursor does not hold any more.
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

/** What stands behind a cursor; nothing only when that is the end. */
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
    // An unknown `starting_after`: the failure that is none.
    if (answer.status !== 200) throw new ListMoved(path);
    const { data, has_more } = parseShape(path, listSchema, answer.body);
    const objects = joined(data, cursor);
    return objects && (objects.length > 0 || !has_more) ? objects : null;
  });
  if (page === null) throw new ListMoved(path);
  return page;
}

/** The page without what it shares with the one before it, or null where the two do not join. */
function joined(data: Listed[], cursor: ListCursor | null): Listed[] | null {
  if (cursor === null) return data;
  if (cursor.before === null) return data.some(({ id }) => id === cursor.last) ? null : data;
  return data[0]?.id === cursor.last ? data.slice(1) : null;
}
