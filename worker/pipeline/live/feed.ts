/**
 * The feed of a room: ids already seen, events waiting to be sent, and recent events for new subscribers.
 * @module
 */
import type { LiveEvent } from "../../../schema/wire/live";
import { SECOND_MS } from "../../lib/time";
import { READABLE_PER_SECOND } from "./sample";

/** Events that a new subscriber gets. */
export const RECENT = 50;
/** Ids cached: at the readable rate, three minutes between the direct push and the committed one. */
const SEEN = 6_000;

/** A bounded stream of events, each at most once. */
export class Feed {
  readonly #seen = new Set<string>();
  #recent: LiveEvent[] = [];
  #waiting: LiveEvent[] = [];
  #skipped = 0;
  /** Events that may still be sent now: a token bucket that fills at the readable rate. */
  #allowance = READABLE_PER_SECOND;
  #filledAt = 0;

  /** Adds an event unless it was seen. */
  add(event: LiveEvent): void {
    if (!this.#isNew(event.event_id)) return;
    this.#waiting.push(event);
    // Only the newest can be shown; a flood must not grow the room's memory.
    if (this.#waiting.length > READABLE_PER_SECOND) {
      this.#waiting.shift();
      this.#skipped++;
    }
    this.#recent.push(event);
    if (this.#recent.length > 2 * RECENT) this.#recent = this.recent();
  }

  /** Adds past events in any order: new subscribers receive them, current ones do not. */
  fill(events: LiveEvent[]): void {
    const older = events.filter((event) => this.#isNew(event.event_id));
    this.#recent = [...older, ...this.#recent].sort((a, b) => a.timestamp - b.timestamp);
  }

  /** The last events, oldest first. */
  recent(): LiveEvent[] {
    return this.#recent.slice(-RECENT);
  }

  hasWaiting(): boolean {
    return this.#waiting.length > 0;
  }

  /** The events to send now, oldest first; when there are too many to read, the newest. The rest is `skipped`. */
  take(now: number): { events: LiveEvent[]; skipped: number } {
    const refill = ((now - this.#filledAt) / SECOND_MS) * READABLE_PER_SECOND;
    this.#allowance = Math.min(READABLE_PER_SECOND, this.#allowance + refill);
    this.#filledAt = now;
    const count = Math.min(this.#waiting.length, Math.floor(this.#allowance));
    const events = this.#waiting.slice(this.#waiting.length - count);
    const skipped = this.#skipped + this.#waiting.length - count;
    this.#allowance -= count;
    this.#waiting = [];
    this.#skipped = 0;
    return { events, skipped };
  }

  #isNew(id: string): boolean {
    if (this.#seen.has(id)) return false;
    this.#seen.add(id);
    if (this.#seen.size > SEEN) this.#seen.delete(this.#seen.keys().next().value ?? "");
    return true;
  }
}
