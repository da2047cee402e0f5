/**
 * Counts calls in windows of the vendor's clock.
 * @module
 */

/** Counts a call; returns how many of `limit` are left in the window, or -1 when this one exceeds it. */
export type RateWindow = (key: string, limit: number) => number;

/** Windows of a fixed length, aligned to the clock, each key counted separately; refused calls count too. */
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
