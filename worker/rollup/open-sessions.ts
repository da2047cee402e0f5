/**
 * Sessions that can still change, packed into pages of one project: texts once a page, sessions as rows of indexes.
 * @module
 */
import { FIRST_EVENT_FIELDS } from "./dimensions";
import type { Session } from "./session";
import { hashOf } from "./sketch";

/** Sessions a page holds on average before the number of pages doubles (about 130 bytes each). */
export const PAGE_SESSIONS = 512;

/** The page of a key; `pages` is a power of two. */
export function pageOf(key: string, pages: number): number {
  return hashOf(key) % pages;
}

/** Pages that `sessions` should be spread over, never fewer than now. */
export function pagesFor(sessions: number, pages: number): number {
  let wanted = pages;
  while (sessions > wanted * PAGE_SESSIONS) wanted *= 2;
  return wanted;
}

type Row = number[];

/** The body of a page. */
export function packSessions(sessions: readonly Session[]): string {
  const texts: (string | null)[] = [null];
  const index = new Map<string | null, number>([[null, 0]]);
  const of = (text: string | null): number => {
    let at = index.get(text);
    if (at === undefined) {
      at = texts.push(text) - 1;
      index.set(text, at);
    }
    return at;
  };
  const ordered = [...sessions].sort((a, b) =>
    a.key < b.key ? -1 : a.key > b.key ? 1 : a.started_at - b.started_at,
  );
  const rows: Row[] = ordered.map((s) => [
    of(s.key),
    of(s.alias),
    s.started_at,
    s.started_at - s.chain_started_at,
    s.ended_at - s.started_at,
    of(s.first[1]),
    of(s.last[1]),
    of(s.visitor_id),
    of(s.distinct_id),
    of(s.hostname),
    s.events,
    s.pageviews,
    s.engaged_ms,
    of(s.entry_path),
    of(s.exit_path),
    ...FIRST_EVENT_FIELDS.map((f) => of(s.fields[f])),
  ]);
  return JSON.stringify([texts, rows]);
}

/** The sessions of a page. */
export function unpackSessions(body: string): Session[] {
  const [texts, rows] = JSON.parse(body) as [(string | null)[], Row[]];
  const text = (at: number | undefined): string | null => texts[at ?? 0] ?? null;
  return rows.map((row) => {
    const [key, alias, started_at = 0, chain = 0, length = 0, first, last, visitor, distinct, hostname] = row;
    const [events = 0, pageviews = 0, engaged_ms = 0, entry, exit, ...fields] = row.slice(10);
    return {
      key: text(key) ?? "",
      alias: text(alias),
      chain_started_at: started_at - chain,
      started_at,
      ended_at: started_at + length,
      first: [started_at, text(first) ?? ""],
      last: [started_at + length, text(last) ?? ""],
      visitor_id: text(visitor) ?? "",
      distinct_id: text(distinct),
      hostname: text(hostname),
      events,
      pageviews,
      engaged_ms,
      entry_path: text(entry),
      exit_path: text(exit),
      fields: Object.fromEntries(FIRST_EVENT_FIELDS.map((f, i) => [f, text(fields[i])])) as Session["fields"],
    };
  });
}
