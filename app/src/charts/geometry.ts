/**
 * Positions on a drawn chart, and simple paths for charts that are not drawn yet.
 * @module
 */

/** Pixel positions of a drawn chart, from the top left of its canvas. */
export interface Geometry {
  /** Center of every bucket. */
  xs: number[];
  /** Height of every current value; null where there is none. */
  ys: (number | null)[];
  top: number;
  bottom: number;
  left: number;
  right: number;
}

/** Index of the bucket nearest to a pixel. */
export function nearest(xs: number[], x: number): number {
  let best = 0;
  for (let index = 1; index < xs.length; index++) {
    if (Math.abs(xs[index]! - x) < Math.abs(xs[best]! - x)) best = index;
  }
  return best;
}

/** At most `most` values: means of neighbors, null where none of them has a value. */
export function thinned(values: (number | null)[], most: number): (number | null)[] {
  const size = Math.ceil(values.length / most);
  if (size <= 1) return values;
  return Array.from({ length: Math.ceil(values.length / size) }, (_, index) => {
    const group = values.slice(index * size, (index + 1) * size).filter((value) => value !== null);
    return group.length ? group.reduce((sum, value) => sum + value, 0) / group.length : null;
  });
}

/** An SVG path through values from zero to `top` in a box `width` by `height`; gaps where a value is missing. */
export function linePath(values: (number | null)[], top: number, width: number, height: number): string {
  const step = values.length > 1 ? width / (values.length - 1) : 0;
  let path = "";
  let pen = "M";
  values.forEach((value, index) => {
    if (value === null) {
      pen = "M";
      return;
    }
    const y = height - (Math.max(0, value) / (top || 1)) * height;
    path += `${pen}${round(values.length > 1 ? index * step : width / 2)} ${round(y)}`;
    pen = "L";
  });
  return path;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
