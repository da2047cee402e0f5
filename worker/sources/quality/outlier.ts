/**
 * Outliers by median and median absolute deviation, which a single outlier among the compared values does not shift (Iglewicz
 * & Hoaglin, "How to Detect and Handle Outliers", 1993).
 */

/** Scales the median absolute deviation to the standard deviation of a normal distribution. */
const NORMAL = 1.4826;
/** Minimum number of values. */
const LEAST_POINTS = 7;
/** Minimum deviation as a share of the median, for values that hardly vary. */
const LEAST_SPREAD = 0.05;

/** The median; the mean of the two middle values for an even count. NaN without numbers. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

/** Number of deviations between `value` and the median of `points`, negative below it; null with fewer than seven points. */
export function deviation(value: number, points: readonly number[]): number | null {
  if (points.length < LEAST_POINTS) return null;
  const usual = median(points);
  const spread = NORMAL * median(points.map((point) => Math.abs(point - usual)));
  const scale = Math.max(spread, Math.abs(usual) * LEAST_SPREAD);
  if (scale === 0) return value === usual ? 0 : Math.sign(value - usual) * Number.POSITIVE_INFINITY;
  return (value - usual) / scale;
}
