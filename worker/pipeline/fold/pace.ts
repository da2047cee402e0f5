/**
 * How often a shard is folded. Each fold costs rows written in D1: a shard with little traffic, whose numbers nobody is
 * waiting for, is folded less often.
 * @module
 */
import { MINUTE_MS, SECOND_MS } from "../../lib/time";

/** A quiet shard is folded every so many intervals, but at least once a minute where the interval is shorter. */
const QUIET_INTERVALS = 30;
/** Events per second from which a shard is not quiet. */
const BUSY_RATE = 5;
/** After a question, more are expected for this long. */
const ATTENTION_MS = 2 * MINUTE_MS;

export class Pace {
  /** Epoch ms. Lost with the isolate: the next question sets it again. */
  #attendedUntil = 0;
  /** Events per second between the last two folds. */
  #rate = 0;

  /** `intervalMs`: between folds of a shard that is not quiet. */
  constructor(readonly intervalMs: number) {}

  /** Somebody asks for numbers. */
  attend(now: number): void {
    this.#attendedUntil = now + ATTENTION_MS;
  }

  /** A fold of some events, `sinceMs` after the one before. */
  folded(events: number, sinceMs: number): void {
    this.#rate = events / (Math.max(sinceMs, this.intervalMs) / SECOND_MS);
  }

  /** The time from one fold to the next, in ms. `isWatched`: whether some project has an open live socket. */
  async next(now: number, isWatched: () => Promise<boolean>): Promise<number> {
    const isQuiet = this.#rate < BUSY_RATE && this.#attendedUntil <= now && !(await isWatched());
    const longest = Math.min(this.intervalMs * QUIET_INTERVALS, MINUTE_MS);
    return isQuiet ? Math.max(this.intervalMs, longest) : this.intervalMs;
  }
}
