/**
 * Pages of open sessions after the last fold, cached in the folder's memory. Every change of a project's pages changes its
 * (seq, epoch), and the guard of a fold's transaction fails unless they are still the same: so an entry cached under
 * them equals what is stored in D1.
 * @module
 */
import { rowsKey } from "../../../schema/tables/generation";
import { Lru } from "../../lib/lru";
import { type IndexedPage, indexPage, type PagesChange } from "./pages";
import type { FoldState } from "./store";

/** Bytes cached over all projects, of the 128 MB that an isolate has: about 130,000 sessions. */
const MAX_BYTES = 20 * 1024 * 1024;
/** Bytes of a page besides its body and hashes. */
const PAGE_BYTES = 500;

interface Entry {
  seq: number;
  epoch: number;
  /** From the last to the first. */
  pages: readonly IndexedPage[];
}

/** Texts with a character above U+00FF take two bytes a character. */
const isWide = (text: string) => /[^\0-\xff]/.test(text);

function bytesOf({ body, hashes, replaced }: IndexedPage): number {
  return PAGE_BYTES + body.length * (isWide(body) ? 2 : 1) + hashes.byteLength + replaced.length * 50;
}

export class OpenCache {
  readonly #entries = new Lru<string, Entry>({
    maxSize: MAX_BYTES,
    sizeOf: ({ pages }) => pages.reduce((sum, page) => sum + bytesOf(page), 0),
  });

  /** The pages of a state, from the last to the first. */
  get(state: FoldState): readonly IndexedPage[] | undefined {
    const entry = this.#entries.get(rowsKey(state));
    return entry?.seq === state.seq && entry.epoch === state.epoch ? entry.pages : undefined;
  }

  /** Caches the pages of a state before a change of them. */
  put(state: FoldState, before: readonly IndexedPage[], { written, removed }: PagesChange): void {
    const gone = new Set([...removed, ...written.map(({ page }) => page)]);
    const pages = [...before.filter(({ page }) => !gone.has(page)), ...written.map(indexPage)];
    const { seq, epoch } = state;
    this.#entries.set(rowsKey(state), { seq, epoch, pages: pages.sort((a, b) => b.page - a.page) });
  }
}

/** Pages as they are read, as long as they fit into the cache. */
export class Collected {
  #pages: IndexedPage[] | null = [];
  #bytes = 0;

  add(page: IndexedPage): void {
    this.#bytes += bytesOf(page);
    if (this.#bytes > MAX_BYTES) this.#pages = null;
    this.#pages?.push(page);
  }

  /** Null when they do not fit. */
  get pages(): readonly IndexedPage[] | null {
    return this.#pages;
  }
}
