/**
 * Lines shared by the tooltips of all charts.
 * @module
 */
import { type JSX, Show } from "solid-js";
import styles from "./charts.module.css";

/** The value of the comparison range, and the change since; without the change while the bucket is open. */
export function Before(props: {
  /** Label of the comparison range. */
  label: string;
  value: number | null;
  previous: number | null;
  isOpen: boolean;
  format: (value: number) => string;
  change: (ratio: number) => string;
}): JSX.Element {
  const ratio = () => {
    const { value, previous } = props;
    return value !== null && previous ? value / previous - 1 : null;
  };
  return (
    <>
      <p class={`${styles.chartTipLine} soft`}>
        <i class="key-before" />
        <span>{props.label}</span>
        <b>{props.previous === null ? "–" : props.format(props.previous)}</b>
      </p>
      <Show when={ratio() !== null && !props.isOpen}>
        <p class="small soft">
          {props.change(ratio() ?? 0)} from the {props.label.toLowerCase()}
        </p>
      </Show>
    </>
  );
}

/** The number of buckets in the dragged range; empty for one bucket. `choosing` is the bucket at which it started. */
export function Choosing(props: { choosing: number | undefined; at: number }): JSX.Element {
  return (
    <Show when={props.choosing !== undefined && props.choosing !== props.at}>
      <p class="small">Release to zoom to {Math.abs((props.choosing ?? 0) - props.at) + 1} buckets</p>
    </Show>
  );
}
