/**
 * The scale of a plot: round ticks, values as shares of its height, and curves that do not overshoot.
 * @module
 */

/** Unit of the axis: `ms` has ticks at whole seconds, minutes and hours; `whole` has none between integers. */
export type TickKind = "whole" | "plain" | "ms";

export interface Scale {
  low: number;
  high: number;
  /** Ascending; the first is `low`, the last `high`. */
  ticks: number[];
}

/** A point as shares of the plot's width and height, from the lower left. */
export interface Spot {
  x: number;
  y: number;
}

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const CLOCK = [1, 2, 5, 10, 15, 30].map((step) => step * SECOND);
const CLOCK_STEPS = [
  ...CLOCK,
  ...CLOCK.map((step) => step * 60),
  ...[1, 2, 3, 6, 12, 24].map((h) => h * HOUR),
];
/** Maximum number of ticks. */
const INTERVALS = 4;

function roundStep(least: number, kind: TickKind): number {
  const clock = kind === "ms" ? CLOCK_STEPS.find((step) => step >= least) : undefined;
  if (clock) return clock;
  const power = 10 ** Math.floor(Math.log10(least));
  const steps = [1, 2, 2.5, 5, 10].map((factor) => factor * power);
  const fits = (step: number) => step >= least * 0.9999 && (kind !== "whole" || Number.isInteger(step));
  return steps.find(fits) ?? (kind === "whole" ? 1 : 10 * power);
}

/** The smallest round scale that contains zero and every value. */
export function scaleOf(values: readonly (number | null)[], kind: TickKind): Scale {
  let least = 0;
  let most = 0;
  for (const value of values) {
    if (value === null) continue;
    least = Math.min(least, value);
    most = Math.max(most, value);
  }
  // Smaller values count as zero, which has a default scale.
  const span = most - least > 1e-12 ? most - least : kind === "ms" ? INTERVALS * SECOND : 1;
  for (let step = roundStep(span / INTERVALS, kind); ; step = roundStep(step * 1.01, kind)) {
    const first = Math.floor(least / step + 1e-9);
    const last = Math.max(first + 1, Math.ceil(most / step - 1e-9));
    if (last - first > INTERVALS) continue;
    const ticks = Array.from({ length: last - first + 1 }, (_, index) => tidy((first + index) * step));
    return { low: ticks[0] ?? 0, high: ticks.at(-1) ?? 1, ticks };
  }
}

/** Removes floating-point noise such as 0.30000000000000004. */
function tidy(value: number): number {
  return Number(value.toPrecision(12));
}

/** A value as a share of the height. */
export function heightOf(value: number, { low, high }: Scale): number {
  return (value - low) / (high - low);
}

/** Points of the curve between two values; above `MANY` buckets straight lines are smooth enough. */
const BETWEEN = 4;
const MANY = 62;

/**
 * The points of a curve through `spots`: a monotone cubic with the slopes of Fritsch and Carlson (SIAM J. Numer. Anal. 17,
 * 1980), which rises only where the values rise.
 */
export function curve(spots: readonly Spot[]): Spot[] {
  if (spots.length < 3 || spots.length > MANY) return [...spots];
  const slopes = slopesOf(spots);
  const points: Spot[] = [];
  for (let index = 0; index + 1 < spots.length; index++) {
    const [from, to] = [spots[index]!, spots[index + 1]!];
    const width = to.x - from.x;
    for (let step = 0; step < BETWEEN; step++) {
      const t = step / BETWEEN;
      const y =
        (1 + 2 * t) * (1 - t) ** 2 * from.y +
        t * (1 - t) ** 2 * width * slopes[index]! +
        t * t * (3 - 2 * t) * to.y +
        t * t * (t - 1) * width * slopes[index + 1]!;
      points.push({ x: from.x + t * width, y });
    }
  }
  points.push(spots.at(-1)!);
  return points;
}

function slopesOf(spots: readonly Spot[]): number[] {
  const rises = spots.slice(1).map((spot, index) => {
    const before = spots[index]!;
    return (spot.y - before.y) / (spot.x - before.x);
  });
  return spots.map((_, index) => {
    const [left, right] = [rises[index - 1], rises[index]];
    if (left === undefined || right === undefined) return (left ?? right)!;
    if (left * right <= 0) return 0;
    return (2 * left * right) / (left + right);
  });
}

/** Runs of values without gaps, as shares of the plot; `place` returns the position of a bucket. */
export function stretches(
  values: readonly (number | null)[],
  scale: Scale,
  place: (index: number) => number,
): Spot[][] {
  const found: Spot[][] = [];
  let open: Spot[] | undefined;
  values.forEach((value, index) => {
    if (value === null) {
      open = undefined;
      return;
    }
    if (!open) {
      open = [];
      found.push(open);
    }
    open.push({ x: place(index), y: heightOf(value, scale) });
  });
  return found;
}

const round = (value: number) => Math.round(value * 10) / 10;

/** An SVG path in a box of 1000 by 1000. */
export function pathOf(points: readonly Spot[]): string {
  return points
    .map(({ x, y }, index) => `${index ? "L" : "M"}${round(x * 1000)} ${round(1000 - y * 1000)}`)
    .join("");
}

/** A CSS polygon between a line and a height. */
export function polygonOf(points: readonly Spot[], floor: number): string {
  const at = (x: number, y: number) => `${round(x * 1000) / 10}% ${round(1000 - y * 1000) / 10}%`;
  const first = points[0];
  const last = points.at(-1);
  if (!first || !last) return "none";
  return `polygon(${[at(first.x, floor), ...points.map(({ x, y }) => at(x, y)), at(last.x, floor)].join(",")})`;
}

/** Indexes of the buckets with a label on the axis: at most eight, fewer on a narrow plot. */
export function labelled(count: number): { index: number; level: 0 | 1 | 2 }[] {
  const step = Math.max(1, Math.ceil(count / 8));
  const found: { index: number; level: 0 | 1 | 2 }[] = [];
  for (let index = 0, nth = 0; index < count; index += step, nth++) {
    found.push({ index, level: nth % 4 === 0 ? 0 : nth % 2 === 0 ? 1 : 2 });
  }
  return found;
}
