/**
 * Sessions that can still change, packed into pages of one project: texts once per page, sessions as rows of indexes.
 * Pages are written in order, so that a fold writes only the sessions it changed: a page lists the places that it
 * replaces on earlier ones. Pages are decoded one at a time, from the last to the first.
 * @module
 */
import { VISIT_COLUMNS } from "../../../schema/wire/columns";
import type { Session } from "./session";

/** Most sessions in a page, about 130 bytes each. */
export const PAGE_SESSIONS = 2048;

/** One page of a project, as stored. */
export interface SessionPage {
  page: number;
  body: string;
}

/** Where a session is stored. */
export type Place = readonly [page: number, row: number];

type SessionTuple = number[];
/** The JSON of a body; `replaced` has page and row by turns. */
type Body = [texts: (string | null)[], rows: SessionTuple[], replaced: number[]];

/** Encodes sessions as the body of a page that replaces places on earlier ones. */
export function packSessions(sessions: readonly Session[], replaced: readonly Place[] = []): string {
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
  return JSON.stringify([texts, rows, replaced.flat()] satisfies Body);
}

/** A page whose sessions are made when they are needed. */
export class DecodedPage {
  readonly page: number;
  readonly replaced: readonly Place[];
  readonly #texts: Body[0];
  readonly #rows: Body[1];

  constructor({ page, body }: SessionPage) {
    const [texts, rows, replaced] = JSON.parse(body) as Body;
    this.page = page;
    this.replaced = Array.from(
      { length: replaced.length >> 1 },
      (_, i): Place => [replaced[2 * i] ?? 0, replaced[2 * i + 1] ?? 0],
    );
    this.#texts = texts;
    this.#rows = rows;
  }

  get length(): number {
    return this.#rows.length;
  }

  /** The key of a session, and its other one. */
  keysAt(row: number): [key: string, alias: string | null] {
    const [key, alias] = this.#rows[row] ?? [];
    return [this.#text(key) ?? "", this.#text(alias)];
  }

  startedAt(row: number): number {
    return this.#rows[row]?.[2] ?? 0;
  }

  sessionAt(at: number): Session {
    const row = this.#rows[at] ?? [];
    const [key, alias, started_at = 0, chain = 0, length = 0, first, last, visitor, distinct, hostname] = row;
    const [events = 0, pageviews = 0, engaged_ms = 0, entry, exit, ...fields] = row.slice(10);
    return {
      key: this.#text(key) ?? "",
      alias: this.#text(alias),
      chain_started_at: started_at - chain,
      started_at,
      ended_at: started_at + length,
      first: [started_at, this.#text(first) ?? ""],
      last: [started_at + length, this.#text(last) ?? ""],
      visitor_id: this.#text(visitor) ?? "",
      distinct_id: this.#text(distinct),
      hostname: this.#text(hostname),
      events,
      pageviews,
      engaged_ms,
      entry_path: this.#text(entry),
      exit_path: this.#text(exit),
      fields: Object.fromEntries(
        VISIT_COLUMNS.map((f, i) => [f, this.#text(fields[i])]),
      ) as Session["fields"],
    };
  }

  #text(at: number | undefined): string | null {
    return this.#texts[at ?? 0] ?? null;
  }
}

/** Places that later pages have replaced. */
export class Replaced {
  readonly #rows = new Map<number, Set<number>>();

  add(places: Iterable<Place>): void {
    for (const [page, row] of places) {
      const rows = this.#rows.get(page);
      if (rows) rows.add(row);
      else this.#rows.set(page, new Set([row]));
    }
  }

  has(page: number, row: number): boolean {
    return this.#rows.get(page)?.has(row) ?? false;
  }

  /** Number of replaced rows of a page. */
  countIn(page: number): number {
    return this.#rows.get(page)?.size ?? 0;
  }
}

/** A project's open sessions. Holds the pages as they are stored and decodes one at a time. */
export class OpenPages {
  readonly #pages: readonly SessionPage[];
  #starts: Float64Array | undefined;

  constructor(pages: readonly SessionPage[]) {
    this.#pages = pages.toSorted((a, b) => b.page - a.page);
  }

  /** When the sessions start, epoch ms; in no order. */
  get starts(): Float64Array {
    this.#starts ??= Float64Array.from(
      (function* (pages) {
        for (const { page, rows } of pages) for (const row of rows) yield page.startedAt(row);
      })(this.#current()),
    );
    return this.#starts;
  }

  /** The sessions that start in `[from, to)`, a page at a time. */
  *byPage(from = Number.NEGATIVE_INFINITY, to = Number.POSITIVE_INFINITY): Iterable<Session[]> {
    for (const { page, rows } of this.#current()) {
      const inside = rows.filter((row) => page.startedAt(row) >= from && page.startedAt(row) < to);
      if (inside.length) yield inside.map((row) => page.sessionAt(row));
    }
  }

  *#current(): Iterable<{ page: DecodedPage; rows: number[] }> {
    const replaced = new Replaced();
    for (const stored of this.#pages) {
      const page = new DecodedPage(stored);
      replaced.add(page.replaced);
      const rows = Array.from({ length: page.length }, (_, row) => row);
      yield { page, rows: rows.filter((row) => !replaced.has(page.page, row)) };
    }
  }
}
