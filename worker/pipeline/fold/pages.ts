/**
 * Which page each open session of a project is on: a log-structured merge. Sessions changed by a fold go to a page at
 * the end, together with the pages there that are not much larger, so that a session is rewritten a logarithmic number
 * of times and unchanged neighbors are not. A page most of whose sessions are on later ones is merged as well.
 * @module
 */
import { fitsParameter } from "../../lib/json-params";
import {
  type LatestPage,
  latestPages,
  PAGE_SESSIONS,
  packSessions,
  type Session,
  type SessionPage,
} from "../rollup";

/** Sessions of a page that is always rewritten: a quiet site then changes one row. */
const SMALL_PAGE = 32;

/** Pages to write, replacing existing ones, and numbers of pages to remove. */
export interface PagesChange {
  written: SessionPage[];
  removed: number[];
}

export class Pages {
  /** In order of their numbers. */
  #pages = new Map<number, LatestPage>();
  #pageOf = new Map<Session, number>();

  constructor(pages: readonly SessionPage[]) {
    for (const held of latestPages(pages)) this.#hold(held);
  }

  get sessions(): Iterable<Session> {
    return this.#pageOf.keys();
  }

  /** Puts new and changed sessions onto pages. */
  write(sessions: Iterable<Session>): PagesChange {
    const pending = new Set(sessions);
    if (!pending.size) return { written: [], removed: [] };
    for (const session of pending) this.#take(session);
    const merged: number[] = [];
    let isAtEnd = true;
    for (const [page, { stored, current }] of [...this.#pages].reverse()) {
      isAtEnd &&= stored < PAGE_SESSIONS && stored <= Math.max(2 * pending.size, SMALL_PAGE);
      if (!isAtEnd && current.size * 2 > stored) continue;
      merged.push(page);
      for (const session of current) pending.add(session);
    }
    return this.#replace(merged, [...pending]);
  }

  /** Replaces all pages with these sessions. */
  rewrite(sessions: Iterable<Session>): PagesChange {
    return this.#replace([...this.#pages.keys()], [...sessions]);
  }

  #replace(old: readonly number[], sessions: readonly Session[]): PagesChange {
    for (const page of old) {
      for (const session of this.#pages.get(page)?.current ?? []) this.#pageOf.delete(session);
      this.#pages.delete(page);
    }
    const first = Math.max(-1, ...this.#pages.keys()) + 1;
    const written: SessionPage[] = [];
    for (let at = 0; at < sessions.length; at += PAGE_SESSIONS) {
      for (const { part, body } of fittingParts(sessions.slice(at, at + PAGE_SESSIONS))) {
        const page = first + written.length;
        this.#hold({ page, stored: part.length, current: new Set(part) });
        written.push({ page, body });
      }
    }
    return { written, removed: old.filter((page) => !this.#pages.has(page)) };
  }

  #hold(held: LatestPage): void {
    this.#pages.set(held.page, held);
    for (const session of held.current) this.#pageOf.set(session, held.page);
  }

  #take(session: Session): void {
    const page = this.#pageOf.get(session);
    if (page === undefined) return;
    this.#pageOf.delete(session);
    this.#pages.get(page)?.current.delete(session);
  }
}

/** Sessions as bodies that fit into D1: halves while one is too large. A session alone always fits. */
function fittingParts(part: readonly Session[]): { part: readonly Session[]; body: string }[] {
  const body = packSessions(part);
  if (part.length === 1 || fitsParameter(body)) return [{ part, body }];
  const middle = part.length >> 1;
  return [...fittingParts(part.slice(0, middle)), ...fittingParts(part.slice(middle))];
}
