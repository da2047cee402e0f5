/**
 * Number of events per hour. An hour depends only on the seed, the rate and itself: a window that has
 * moved by an hour contains the same hours.
 * @module
 */
import { hash } from "./random.ts";

export const HOUR_MS = 3_600_000;
/** Weight of each hour of the day, UTC: highest in Europe's afternoon and America's morning. */
const HOURS = [
  0.55, 0.45, 0.4, 0.38, 0.4, 0.48, 0.62, 0.8, 0.98, 1.1, 1.18, 1.22, 1.28, 1.38, 1.46, 1.5, 1.48, 1.42, 1.36,
  1.34, 1.3, 1.14, 0.9, 0.7,
];
/** Weight of each day of the week, Sunday first. */
const DAYS = [0.84, 1.06, 1.1, 1.08, 1.04, 0.98, 0.8];
/** Sign-ups per event. */
const SIGN_UPS = 0.004;

const SIGN_UP_SALT = 0x516e;

/** One hour of the window and its events. */
export interface Slot {
  /** Whole hours since the epoch. */
  hour: number;
  from: number;
  to: number;
  /** Events that count in statistics: neither engagement nor bots'. */
  events: number;
}

function weightOf(hour: number): number {
  const date = new Date(hour * HOUR_MS);
  return (HOURS[date.getUTCHours()] as number) * (DAYS[date.getUTCDay()] as number);
}

/** Rounds up or down at random, so that small hours add up to the right sum. */
function roundBy(value: number, chance: number): number {
  return Math.floor(value + chance / 4294967296);
}

/** Half-open [from, to) divided into hours, with `events` distributed among them exactly. */
export class Schedule {
  readonly slots: Slot[] = [];
  readonly #seed: number;
  /** Events an hour of weight 1. */
  readonly #rate: number;

  constructor(seed: number, from: number, to: number, events: number) {
    this.#seed = seed;
    const hours: Omit<Slot, "events">[] = [];
    for (let hour = Math.floor(from / HOUR_MS); hour * HOUR_MS < to; hour++) {
      hours.push({ hour, from: Math.max(from, hour * HOUR_MS), to: Math.min(to, (hour + 1) * HOUR_MS) });
    }
    const weightIn = (slot: Omit<Slot, "events">) => (weightOf(slot.hour) * (slot.to - slot.from)) / HOUR_MS;
    const total = hours.reduce((sum, slot) => sum + weightIn(slot), 0);
    this.#rate = total > 0 ? events / total : 0;
    for (const slot of hours) {
      this.slots.push({ ...slot, events: roundBy(this.#rate * weightIn(slot), hash(seed, slot.hour)) });
    }
    this.#settle(events);
  }

  /** Number of sign-ups in an hour, also before the window: these people return in it. */
  signUpsIn(hour: number): number {
    return roundBy(this.#rate * weightOf(hour) * SIGN_UPS, hash(this.#seed, hour, SIGN_UP_SALT));
  }

  /** Corrects the rounding difference in the oldest hours, which leave the window first. */
  #settle(events: number): void {
    let over = events - this.slots.reduce((sum, slot) => sum + slot.events, 0);
    for (const slot of this.slots) {
      const change = Math.max(over, -slot.events);
      slot.events += change;
      over -= change;
      if (over === 0) return;
    }
  }
}
