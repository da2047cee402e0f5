/**
 * Open sessions of projects after the last fold, cached in the folder's memory. Every change of a project's pages
 * changes its (seq, epoch), and the guard of a fold's transaction fails unless they are still the same: so an entry
 * cached under them equals what is stored in D1.
 * @module
 */
import { Lru } from "../../lib/lru";
import type { OpenSessions } from "./sessions";
import type { FoldState } from "./store";

/** Sessions cached over all projects; one takes about 700 bytes of the 128 MB that an isolate has. */
const MAX_SESSIONS = 50_000;

interface Entry {
  seq: number;
  epoch: number;
  open: OpenSessions;
}

export class OpenCache {
  readonly #entries = new Lru<string, Entry>({ maxSize: MAX_SESSIONS, sizeOf: ({ open }) => open.size });

  /** Removes and returns the sessions of a state. The fold modifies them: put them back only once that is written. */
  take({ project, seq, epoch }: FoldState): OpenSessions | undefined {
    const entry = this.#entries.get(project);
    this.#entries.delete(project);
    return entry?.seq === seq && entry.epoch === epoch ? entry.open : undefined;
  }

  put({ project, seq, epoch }: FoldState, open: OpenSessions): void {
    this.#entries.set(project, { seq, epoch, open });
  }
}
