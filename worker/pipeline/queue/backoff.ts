/**
 * Waits between the deliveries of one message.
 * @module
 */

import type { Part } from "./split";

/** Longest wait. 100 deliveries then last at least 15 days, more than a queue retains a message (14 days at most). */
const MAX_RETRY_S = 6 * 3600;
/** Share of a wait that is random, so that a backlog does not come back at one moment. */
const JITTER = 0.25;

/**
 * Returns the seconds before a message that was delivered `attempts` times (1, 2, …) is delivered again: 2, 4, 8, …, six
 * hours, less up to a quarter. The wait is about as long as the outage so far, so recovery takes at most as long again.
 */
export function retryDelaySeconds(attempts: number, random: () => number = Math.random): number {
  const full = Math.min(MAX_RETRY_S, 2 ** Math.min(attempts, 30));
  return Math.max(1, Math.round(full * (1 - JITTER * random())));
}

/** Gives a message back to the queue. */
export function retryLater(delivery: Part): void {
  delivery.retry({ delaySeconds: retryDelaySeconds(delivery.attempts) });
}
