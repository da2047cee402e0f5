/**
 * Parts of a whole as a ring, rendered on the server. Decorative: the same values are listed beside it.
 * @module
 */
import { For, type JSX } from "solid-js";
import styles from "./charts.module.css";
import { hue } from "./plot-props";

/** Gap between two parts, in hundredths of the ring. */
const GAP = 0.8;

/** `shares` add up to 1 at most; a single part with the whole is a closed ring. */
export function Donut(props: { shares: number[] }): JSX.Element {
  const start = (index: number) => props.shares.slice(0, index).reduce((sum, share) => sum + share, 0) * 100;
  const gap = () => (props.shares.length > 1 ? GAP : 0);
  return (
    <svg class={styles.donut} viewBox="0 0 100 100" aria-hidden="true">
      <For each={props.shares}>
        {(share, index) => (
          <circle
            cx="50"
            cy="50"
            r="38"
            pathLength="100"
            stroke-dasharray={`${Math.max(0.2, share * 100 - gap())} 100`}
            stroke-dashoffset={-start(index())}
            style={{ stroke: hue(index()) }}
          />
        )}
      </For>
    </svg>
  );
}
