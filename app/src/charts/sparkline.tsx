/**
 * A line the size of a word. SVG from the server: nothing to load, nothing to wake.
 * @module
 */
import type { JSX } from "solid-js";
import styles from "./charts.module.css";
import { linePath, thinned } from "./geometry";

const WIDTH = 100;
const HEIGHT = 24;
/** More points than this are noise at the size of a word. */
const MAX_POINTS = 42;

/**
 * `values` from zero upwards; decorative, since the number stands beside it. `open`: the last one is still being counted,
 * and its fall is dotted, as it is in the chart.
 */
export function Sparkline(props: { values: (number | null)[]; open?: boolean }): JSX.Element {
  const values = () => thinned(props.values, MAX_POINTS);
  const draw = (isShown: (index: number, last: number) => boolean) => {
    const all = values();
    const top = Math.max(...all.map((value) => value ?? 0), 0);
    const shown = all.map((value, index) => (isShown(index, all.length - 1) ? value : null));
    return linePath(shown, top * 1.05, WIDTH, HEIGHT);
  };
  const path = () => draw((index, last) => !props.open || index < last);
  const openPath = () => (props.open ? draw((index, last) => index >= last - 1) : "");
  /** Where the line begins: days before the first value have none. */
  const start = () => path().match(/^M([\d.]+)/)?.[1] ?? 0;
  const area = () => (path() && !path().slice(1).includes("M") ? `${path()}V${HEIGHT}H${start()}Z` : "");
  return (
    <svg class="spark" viewBox={`0 -1 ${WIDTH} ${HEIGHT + 2}`} preserveAspectRatio="none" aria-hidden="true">
      <path class={styles.sparkArea} d={area()} />
      <path class={styles.sparkLine} d={path()} vector-effect="non-scaling-stroke" />
      <path
        class={`${styles.sparkLine} ${styles.sparkOpen}`}
        d={openPath()}
        vector-effect="non-scaling-stroke"
      />
    </svg>
  );
}
