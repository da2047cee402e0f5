/**
 * Ids of the events of recent days, in the folder's memory. Everything that changes a project's events changes its
 * (seq, epoch), so an entry cached under them has the ids of the lake.
 * @module
 */
import { Lru } from "../../lib/lru";
import type { TextSet } from "../../lib/text-set";
import type { FoldState } from "./store";

/** Bytes of all sets together, of the 128 MB that an isolate has. */
const MAX_BYTES = 32_000_000;
/** Days of a project: folded events are of today, and of yesterday around midnight. */
const MAX_DAYS = 2;

/** Ids of a project's events by day (its start, epoch ms); null for a day with more than a set can hold. */
export type DayIds = Map<number, TextSet | null>;

interface Entry {
  seq: number;
  epoch: number;
  days: DayIds;
}

export class IdCache {
  readonly #entries = new Lru<string, Entry>({
    maxSize: MAX_BYTES,
    sizeOf: ({ days }) => [...days.values()].reduce((sum, ids) => sum + (ids?.bytes ?? 0), 0),
  });

  /** Removes and returns the ids of a state; empty when there are none. Put them back when the state has been written. */
  take({ project, seq, epoch }: FoldState): DayIds {
    const entry = this.#entries.get(project);
    this.#entries.delete(project);
    return entry?.seq === seq && entry.epoch === epoch ? entry.days : new Map();
  }

  put({ project, seq, epoch }: FoldState, days: DayIds): void {
    const latest = [...days].sort(([a], [b]) => b - a).slice(0, MAX_DAYS);
    if (latest.length) this.#entries.set(project, { seq, epoch, days: new Map(latest) });
  }
}
