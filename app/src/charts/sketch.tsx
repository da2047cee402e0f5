/**
 * A time chart before chart.js is loaded, rendered on the server.
 * @module
 */
import type { JSX } from "solid-js";
import styles from "./charts.module.css";
import { linePath } from "./geometry";
import type { Bucket } from "./time-chart-props";

/** The lines of both periods, without axes. */
export function Sketch(props: { buckets: Bucket[] }): JSX.Element {
  const top = () =>
    Math.max(1e-9, ...props.buckets.map((bucket) => Math.max(bucket.value ?? 0, bucket.previous ?? 0))) *
    1.06;
  const path = (pick: (bucket: Bucket) => number | null) =>
    linePath(props.buckets.map(pick), top(), 1000, 300);
  return (
    <svg class={styles.sketch} viewBox="0 0 1000 300" preserveAspectRatio="none" aria-hidden="true">
      <path
        class={styles.sketchBefore}
        d={path((bucket) => bucket.previous)}
        vector-effect="non-scaling-stroke"
      />
      <path class={styles.sketchNow} d={path((bucket) => bucket.value)} vector-effect="non-scaling-stroke" />
    </svg>
  );
}
