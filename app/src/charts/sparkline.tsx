/**
 * A word-sized line chart. SVG from the server, without a script.
 * @module
 */
import type { JSX } from "solid-js";
import styles from "./charts.module.css";
import { linePath, thinned } from "./geometry";

const WIDTH = 100;
const HEIGHT = 24;
/** Maximum number of points; more are noise at this size. */
const MAX_POINTS = 42;

/**
 * `values` are not negative. Decorative: the number is shown beside it. `open`: the last bucket is not complete and its
 * segment is dotted.
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
  /** Index of the first value; days before it have none. */
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
