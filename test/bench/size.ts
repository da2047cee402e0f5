/**
 * Sizes of benchmarks: full, or a few seconds' worth with `BENCH_SMALL=1`, which shows only that a benchmark runs.
 * @module
 */

export const IS_SMALL = process.env.BENCH_SMALL === "1";

/** Returns the full size, or the small one with `BENCH_SMALL=1`. */
export function sized<T>(full: T, small: T): T {
  return IS_SMALL ? small : full;
}
