/**
 * Sessions that can still change, packed into pages of one project: texts once per page, sessions as rows of indexes.
 * Pages are written in order, so that a fold writes only the sessions it changed.
 * @module
 */
import { VISIT_COLUMNS } from "../../../schema/wire/columns";
import type { Session } from "./session";

/** Most sessions in a page, about 130 bytes each. */
export const PAGE_SESSIONS = 2048;

/** One page of a project, as stored. A session on a later page replaces its version on earlier ones. */
export interface SessionPage {
  page: number;
  body: string;
}

type SessionTuple = number[];

/** Encodes sessions as the body of a page. */
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
  const rows: SessionTuple[] = sessions.map((s) => [
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
    ...VISIT_COLUMNS.map((f) => of(s.fields[f])),
  ]);
  return JSON.stringify([texts, rows]);
}

/** The sessions of a page. */
function unpackSessions(body: string): Session[] {
  const [texts, rows] = JSON.parse(body) as [(string | null)[], SessionTuple[]];
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
      fields: Object.fromEntries(VISIT_COLUMNS.map((f, i) => [f, text(fields[i])])) as Session["fields"],
    };
  });
}

/** A permanent identifier of a session: its key and its start never change. */
function identityOf({ key, started_at }: Pick<Session, "key" | "started_at">): string {
  return `${started_at} ${key}`;
}

/** A page: how many sessions it was written with, and those of them that are on no later page. */
export interface LatestPage {
  page: number;
  stored: number;
  current: Set<Session>;
}

/** A project's pages with the latest version of each session, in order of their numbers. */
export function latestPages(pages: readonly SessionPage[]): LatestPage[] {
  const latest = new Map<string, { session: Session; on: Set<Session> }>();
  return pages
    .toSorted((a, b) => a.page - b.page)
    .map(({ page, body }) => {
      const sessions = unpackSessions(body);
      const on = new Set(sessions);
      for (const session of sessions) {
        const identity = identityOf(session);
        const before = latest.get(identity);
        before?.on.delete(before.session);
        latest.set(identity, { session, on });
      }
      return { page, stored: sessions.length, current: on };
    });
}

/** The latest version of each session in a project's pages. */
export function latestSessions(pages: readonly SessionPage[]): Session[] {
  return latestPages(pages).flatMap(({ current }) => [...current]);
}
