/**
 * Which page each open session of a project is on: a log-structured merge. Sessions changed by a fold go to a page at
 * the end, together with the pages there that are not much larger, so that a session is rewritten a logarithmic number
 * of times and unchanged neighbors are not. A page most of whose sessions are on later ones is merged as well. Of other
 * pages only the sessions that the fold may change are decoded.
 * @module
 */
import {
  DecodedPage,
  hashOf,
  PAGE_SESSIONS,
  type Place,
  Replaced,
  type Session,
  type SessionPage,
} from "../rollup";
import { bodiesOf, FULL_CHARS } from "./page-bodies";

/** Sessions of a page that is always rewritten: a quiet site then changes one row. */
const SMALL_PAGE = 32;

/** Pages to write, replacing existing ones, and numbers of pages to remove. */
export interface PagesChange {
  written: SessionPage[];
  removed: number[];
}

/** Pages of which most is replaced that one fold merges: each has up to half of `PAGE_SESSIONS`. */
const MAX_STALE = 16;

/** A page in memory: how many sessions it was written with, what it replaces, and hashes of its keys. */
export interface IndexedPage extends SessionPage {
  stored: number;
  replaced: readonly Place[];
  hashes: Uint32Array;
}

/** 32 bits of the hash of a session's key. */
const keyHash = (key: string) => hashOf(key) % 2 ** 32;

/** Decodes a page once to index it. */
export function indexPage(stored: SessionPage): IndexedPage {
  const page = new DecodedPage(stored);
  const hashes: number[] = [];
  for (let row = 0; row < page.length; row++) {
    for (const key of page.keysAt(row)) if (key !== null) hashes.push(keyHash(key));
  }
  return { ...stored, stored: page.length, replaced: page.replaced, hashes: Uint32Array.from(hashes) };
}

/** A page all of whose sessions are decoded, because it may be merged. */
interface WholePage {
  page: number;
  stored: number;
  isFull: boolean;
  isStale: boolean;
  replaced: readonly Place[];
  sessions: Session[];
}

export class Pages {
  readonly #numbers: number[] = [];
  readonly #replaced = new Replaced();
  readonly #places = new Map<Session, Place>();
  /** From the last to the first. */
  readonly #whole: WholePage[] = [];
  readonly #hashes: ReadonlySet<number>;
  #isAtEnd = true;
  #pending: number;
  #stale = 0;

  /** `keys`: of the sessions that may change, each by one of its keys. */
  constructor(readonly keys: ReadonlySet<string>) {
    this.#hashes = new Set([...keys].map(keyHash));
    this.#pending = keys.size;
  }

  /** Reads a page; pages come from the last to the first. Returns the sessions that are decoded. */
  load(indexed: IndexedPage): Session[] {
    const { page: number, stored, replaced, body } = indexed;
    const isFull = stored >= PAGE_SESSIONS || body.length >= FULL_CHARS;
    this.#numbers.push(number);
    this.#replaced.add(replaced);
    const current = stored - this.#replaced.countIn(number);
    const isStale = current * 2 <= stored && this.#stale < MAX_STALE;
    this.#isAtEnd &&= !isFull && isMergedAtEnd(stored, this.#pending);
    const isWhole = isStale || this.#isAtEnd;
    if (!isWhole && !this.#mayHave(indexed)) return [];
    const sessions = this.#decode(indexed, isWhole);
    if (isStale) this.#stale++;
    if (this.#isAtEnd) this.#pending += current;
    if (isWhole) this.#whole.push({ page: number, stored, isFull, isStale, replaced, sessions });
    return sessions;
  }

  /** Puts new and changed sessions onto pages. */
  write(sessions: Iterable<Session>): PagesChange {
    const pending = new Set(sessions);
    if (!pending.size) return { written: [], removed: [] };
    const merged = this.#merged(pending);
    const removed = new Set(merged.map(({ page }) => page));
    const places = [...pending].flatMap((session) => {
      const place = this.#places.get(session);
      return place ? [place] : [];
    });
    const replaced = [...places, ...merged.flatMap((page) => page.replaced)].filter(
      ([page]) => !removed.has(page),
    );
    const first = Math.max(-1, ...this.#numbers.filter((page) => !removed.has(page))) + 1;
    const written = bodiesOf([...pending], replaced).map((body, i) => ({ page: first + i, body }));
    return {
      written,
      removed: [...removed].filter((page) => page < first || page >= first + written.length),
    };
  }

  /** The pages that are merged; adds their sessions to `pending`. */
  #merged(pending: Set<Session>): WholePage[] {
    let isAtEnd = true;
    return this.#whole.filter(({ stored, isFull, isStale, sessions }) => {
      isAtEnd &&= !isFull && isMergedAtEnd(stored, pending.size);
      if (!isAtEnd && !isStale) return false;
      for (const session of sessions) pending.add(session);
      return true;
    });
  }

  #mayHave({ hashes }: IndexedPage): boolean {
    for (const hash of hashes) if (this.#hashes.has(hash)) return true;
    return false;
  }

  #decode(indexed: IndexedPage, isWhole: boolean): Session[] {
    const page = new DecodedPage(indexed);
    const sessions: Session[] = [];
    for (let row = 0; row < page.length; row++) {
      if (this.#replaced.has(page.page, row)) continue;
      if (!isWhole && !page.keysAt(row).some((key) => key !== null && this.keys.has(key))) continue;
      const session = page.sessionAt(row);
      this.#places.set(session, [page.page, row]);
      sessions.push(session);
    }
    return sessions;
  }
}

/** Whether a page at the end is written again with `pending` sessions. */
function isMergedAtEnd(stored: number, pending: number): boolean {
  return stored <= Math.max(2 * pending, SMALL_PAGE);
}
