/**
 * The crosshair and tooltip of a time chart.
 * @module
 */
import { For, type JSX, Show } from "solid-js";
import styles from "./charts.module.css";
import type { Flag } from "./flags";
import type { Geometry } from "./geometry";
import type { TimeChartProps } from "./time-chart-props";
import { Before, Choosing } from "./tip-lines";

const TIP_WIDTH_PX = 220;
const LABEL_PX = 26;

/** Crosshair and tooltip of a bucket; announced to screen readers when it changes. */
export function Tip(
  props: TimeChartProps & { geometry: Geometry; at: number; choosing: number | undefined; flags: Flag[] },
): JSX.Element {
  const bucket = () => props.buckets[props.at]!;
  const x = () => props.geometry.xs[props.at] ?? 0;
  const flip = () => x() + 16 + TIP_WIDTH_PX > props.geometry.right;
  return (
    <>
      <div
        class={styles.crosshair}
        style={{
          left: `${x()}px`,
          top: `${props.geometry.top}px`,
          height: `${props.geometry.bottom - props.geometry.top}px`,
        }}
      />
      <Show when={props.geometry.ys[props.at] !== null}>
        <div class={styles.crossDot} style={{ left: `${x()}px`, top: `${props.geometry.ys[props.at]}px` }} />
      </Show>
      <div
        class={styles.chartTip}
        role="status"
        style={{ left: `${flip() ? x() - 12 : x() + 12}px`, translate: flip() ? "-100% 0" : "0 0" }}
      >
        <p class="small soft">
          {bucket().long}
          <Show when={bucket().partial}> · so far</Show>
        </p>
        <p class={styles.chartTipLine}>
          <i class="key-now" />
          <span>{props.metric}</span>
          <b>{bucket().value === null ? "–" : props.format(bucket().value ?? 0)}</b>
        </p>
        <Show when={bucket().before}>
          {(label) => (
            <Before
              label={label()}
              value={bucket().value}
              previous={bucket().previous}
              isOpen={bucket().partial}
              format={props.format}
              change={props.change}
            />
          )}
        </Show>
        <For each={props.flags}>{(flag) => <p class="small flag-line">{flag.text}</p>}</For>
        <Choosing choosing={props.choosing} at={props.at} />
      </div>
    </>
  );
}

/** The range selected by dragging. */
export function Selection(props: { geometry: Geometry; from: number; to: number }): JSX.Element {
  const left = () => props.geometry.xs[Math.min(props.from, props.to)] ?? 0;
  const right = () => props.geometry.xs[Math.max(props.from, props.to)] ?? 0;
  return (
    <div
      class={styles.selection}
      style={{
        left: `${left()}px`,
        width: `${right() - left()}px`,
        top: `${props.geometry.top}px`,
        height: `${props.geometry.bottom - props.geometry.top}px`,
      }}
    />
  );
}

/** The label of the open bucket, on the side without the line. */
export function SoFar(props: { geometry: Geometry }): JSX.Element {
  const top = () => {
    const { ys, top: ceiling, bottom } = props.geometry;
    const last = ys.at(-1) ?? bottom;
    const falling = last > (ys.at(-2) ?? last);
    const below = (falling && last + LABEL_PX + 12 < bottom) || last - LABEL_PX < ceiling;
    return below ? last + 10 : last - LABEL_PX - 4;
  };
  return (
    <span
      class={styles.soFar}
      style={{ right: `calc(100% - ${props.geometry.right + 6}px)`, top: `${top()}px` }}
    >
      so far
    </span>
  );
}
