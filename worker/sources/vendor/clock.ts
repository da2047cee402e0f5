/**
 * Clock and randomness of the vendor client and the engine, replaceable in tests.
 * @module
 */

/** Times in epoch ms. */
export interface Clock {
  now(): number;
  sleep(ms: number): Promise<void>;
  /** From 0 to below 1. */
  random(): number;
}

/** The system's clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: (ms) => new Promise((done) => setTimeout(done, ms)),
  random: () => Math.random(),
};
