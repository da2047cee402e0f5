/**
 * Counting calls in windows of the vendor's clock.
 * @module
 */

/** Counts calls; says how many of `limit` are left in the window, or -1 when this one is too many. */
export type RateWindow = (key: string, limit: number) => number;

/** Windows of a fixed length that begin with the clock, each key counted apart; refused calls count too. */
export function rateWindow(lengthMs: number, now: () => number): RateWindow {
  const counts = new Map<string, { window: number; calls: number }>();
  return (key, limit) => {
    const window = Math.floor(now() / lengthMs);
    const known = counts.get(key);
    const calls = (known?.window === window ? known.calls : 0) + 1;
    counts.set(key, { window, calls });
    return Math.max(-1, limit - calls);
  };
}
