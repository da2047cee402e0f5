/**
 * Removing and adding open sessions of a project, a page in memory at a time: for sealing and deriving.
 * @module
 */
import { DecodedPage, PAGE_SESSIONS, type Place, Replaced, type Session, type SessionPage } from "../rollup";
import { bodiesOf } from "./page-bodies";
import type { PagesChange } from "./pages";

export class PageRewriter {
  readonly #replaced = new Replaced();
  #last = -1;
  readonly #removed = new Set<number>();
  /** Removed since the last `take`. */
  #newlyRemoved: number[] = [];
  #sessions: Session[] = [];
  #bodies: string[] = [];
  #places: Place[] = [];

  /** Characters and pages that the next `take` returns. */
  get pages(): number {
    return this.#bodies.length + this.#newlyRemoved.length;
  }

  /**
   * Reads a page; pages come from the last to the first. Returns the sessions that leave; the others of their page move
   * to a new one, also when most of a page is replaced.
   */
  visit(stored: SessionPage, leaves: (session: Session) => boolean): Session[] {
    const page = new DecodedPage(stored);
    this.#last = Math.max(this.#last, page.page);
    this.#replaced.add(page.replaced);
    const left: Session[] = [];
    const staying: Session[] = [];
    for (let row = 0; row < page.length; row++) {
      if (this.#replaced.has(page.page, row)) continue;
      const session = page.sessionAt(row);
      (leaves(session) ? left : staying).push(session);
    }
    if (!left.length && staying.length * 2 > page.length) return left;
    this.#removed.add(page.page);
    this.#newlyRemoved.push(page.page);
    this.#places.push(...page.replaced);
    for (const session of staying) this.add(session);
    return left;
  }

  /** Adds a session that is on no page. */
  add(session: Session): void {
    this.#sessions.push(session);
    if (this.#sessions.length >= PAGE_SESSIONS) this.#pack();
  }

  /** What to write for everything since the last call. */
  take(): PagesChange {
    this.#pack();
    const places = this.#places.filter(([page]) => !this.#removed.has(page));
    const bodies = [...this.#bodies, ...bodiesOf([], places)];
    const written = bodies.map((body) => ({ page: ++this.#last, body }));
    const removed = this.#newlyRemoved;
    this.#places = [];
    this.#bodies = [];
    this.#newlyRemoved = [];
    return { written, removed };
  }

  #pack(): void {
    this.#bodies.push(...bodiesOf(this.#sessions));
    this.#sessions = [];
  }
}
