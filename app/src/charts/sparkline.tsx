/**
 * A line the size of a word. SVG from the server: nothing to load, nothing to wake.
 * @module
 */
import type { JSX } from "solid-js";
import { linePath, thinned } from "./geometry";

const WIDTH = 100;
const HEIGHT = 24;
/** More points than this are noise at the size of a word. */
const MAX_POINTS = 42;

/** `values` from zero upwards; decorative, since the number stands beside it. */
export function Sparkline(props: { values: (number | null)[] }): JSX.Element {
  const path = () => {
    const values = thinned(props.values, MAX_POINTS);
    const top = Math.max(...values.map((value) => value ?? 0), 0);
    return linePath(values, top * 1.05, WIDTH, HEIGHT);
  };
  const area = () => (path() && !path().slice(1).includes("M") ? `${path()}V${HEIGHT}H0Z` : "");
  return (
    <svg class="spark" viewBox={`0 -1 ${WIDTH} ${HEIGHT + 2}`} preserveAspectRatio="none" aria-hidden="true">
      <path class="spark-area" d={area()} />
      <path class="spark-line" d={path()} vector-effect="non-scaling-stroke" />
    </svg>
  );
}
