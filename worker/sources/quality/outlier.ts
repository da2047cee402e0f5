/**
 * How far a number is from its kind, by median and median absolute deviation: one odd day among those compared with moves
 * neither (Iglewicz & Hoaglin, "How to Detect and Handle Outliers", 1993).
 * @module
 */

/** Makes the deviation of normally distributed numbers their standard deviation. */
const NORMAL = 1.4826;
/** With fewer values there is no outlier. */
const LEAST_POINTS = 7;
/** Numbers that hardly vary may still vary by this share of their median. */
const LEAST_SPREAD = 0.05;

/** The middle one of numbers; of an even count, between the two. NaN without numbers. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

/** How many deviations `value` is from `points`, negative when it is below; null with fewer than seven points. */
export function deviation(value: number, points: readonly number[]): number | null {
  if (points.length < LEAST_POINTS) return null;
  const usual = median(points);
  const spread = NORMAL * median(points.map((point) => Math.abs(point - usual)));
  const scale = Math.max(spread, Math.abs(usual) * LEAST_SPREAD);
  if (scale === 0) return value === usual ? 0 : Math.sign(value - usual) * Number.POSITIVE_INFINITY;
  return (value - usual) / scale;
}
