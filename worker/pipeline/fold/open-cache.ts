/**
 * Open sessions of projects as the last fold left them, kept by whoever folds again soon. Every change of a project's
 * pages moves its (seq, epoch), and the guard of a fold's transaction fails unless they are still the same: what is kept
 * under them is what stands in D1.
 * @module
 */
import type { OpenSessions } from "./sessions";
import type { FoldState } from "./store";

/** Sessions kept over all projects; one takes about 700 bytes of the 128 MB that an isolate has. */
const MAX_SESSIONS = 50_000;

interface Kept {
  seq: number;
  epoch: number;
  open: OpenSessions;
}

export class OpenCache {
  /** The least recently folded first. */
  #entries = new Map<string, Kept>();
  #sessions = 0;

  /** Takes out what is kept for a state. The fold changes it, so it must only be put back once that is written. */
  take({ project, seq, epoch }: FoldState): OpenSessions | undefined {
    const kept = this.#entries.get(project);
    if (!kept) return undefined;
    this.#drop(project, kept);
    return kept.seq === seq && kept.epoch === epoch ? kept.open : undefined;
  }

  put({ project, seq, epoch }: FoldState, open: OpenSessions): void {
    this.#entries.set(project, { seq, epoch, open });
    this.#sessions += open.size;
    for (const [oldest, kept] of this.#entries) {
      if (this.#sessions <= MAX_SESSIONS) return;
      this.#drop(oldest, kept);
    }
  }

  #drop(project: string, { open }: Kept): void {
    this.#entries.delete(project);
    this.#sessions -= open.size;
  }
}
