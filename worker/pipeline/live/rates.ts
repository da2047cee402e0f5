/**
 * Current visitors and events per minute of a project. In memory; read again from the lake after hibernation.
 * @module
 */
import { MINUTE_MS, SECOND_MS } from "../../lib/time";

/** A visitor counts as active for five minutes after the last event. */
export const ACTIVE_MS = 5 * MINUTE_MS;
/** Most visitors in memory; beyond it the least recently seen are evicted. */
const MAX_VISITORS = 100_000;

interface Second {
  at: number;
  /** Events that were committed. */
  arrived: number;
  /** Events that were sent to subscribers. */
  shown: number;
  /** Events that reached the room and were left out. */
  skipped: number;
}

const KINDS = ["arrived", "shown", "skipped"] as const;
type Counts = Pick<Second, (typeof KINDS)[number]>;

/** Counts of the last minute and visitors of the last five. */
export class Rates {
  /** visitor → epoch ms last seen, in that order. */
  readonly #visitors = new Map<string, number>();
  /** Seconds of the last minute with activity, oldest first. */
  #seconds: Second[] = [];

  /** Records that a visitor was active at `at`; ignored when that is over five minutes ago. */
  addVisitor(visitor: string, at: number, now: number): void {
    const seen = Math.min(at, now);
    if (seen <= now - ACTIVE_MS || (this.#visitors.get(visitor) ?? 0) >= seen) return;
    this.#visitors.delete(visitor);
    this.#visitors.set(visitor, seen);
    if (this.#visitors.size > MAX_VISITORS) this.#visitors.delete(this.#visitors.keys().next().value ?? "");
  }

  /** Adds to the counts of this second. */
  addCounts(counts: Partial<Counts>, now: number): void {
    const at = now - (now % SECOND_MS);
    let second = this.#seconds.at(-1);
    if (second?.at !== at) {
      second = { at, arrived: 0, shown: 0, skipped: 0 };
      this.#seconds.push(second);
    }
    for (const kind of KINDS) second[kind] += counts[kind] ?? 0;
  }

  /** Distinct visitors of the last five minutes. */
  visitorsNow(now: number): number {
    for (const [visitor, at] of this.#visitors) {
      // Visitors are in order of activity except for late events, which are only counted a little longer.
      if (at > now - ACTIVE_MS) break;
      this.#visitors.delete(visitor);
    }
    return this.#visitors.size;
  }

  /** Counts of the last minute. */
  totals(now: number): Counts {
    this.#seconds = this.#seconds.filter(({ at }) => at > now - MINUTE_MS);
    const totals: Counts = { arrived: 0, shown: 0, skipped: 0 };
    for (const second of this.#seconds) for (const kind of KINDS) totals[kind] += second[kind];
    return totals;
  }

  /** Mean of the last five whole seconds. */
  perSecond(now: number): number {
    const from = now - (now % SECOND_MS) - 5 * SECOND_MS;
    const recent = this.#seconds.filter(({ at }) => at >= from && at < from + 5 * SECOND_MS);
    return recent.reduce((total, { arrived }) => total + arrived, 0) / 5;
  }
}
