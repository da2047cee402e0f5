/**
 * Time and dice as a session and the engine use them, so that tests need not wait.
 * @module
 */

/** Times in epoch ms. */
export interface Clock {
  now(): number;
  sleep(ms: number): Promise<void>;
  /** From 0 to below 1. */
  random(): number;
}

/** The time it is. */
export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: (ms) => new Promise((done) => setTimeout(done, ms)),
  random: () => Math.random(),
};
