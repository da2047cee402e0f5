/**
 * The crosshair and tooltip of a plot.
 * @module
 */
import { createMemo, For, type JSX, Show } from "solid-js";
import styles from "./charts.module.css";
import type { Flag } from "./flags";
import { hue, type PlotProps, type PlotSeries } from "./plot-props";
import { heightOf, type Scale } from "./scale";
import { Before, Choosing } from "./tip-lines";

type TipProps = PlotProps & {
  scale: Scale;
  place: (index: number) => number;
  at: number;
  /** The bucket at which a drag started. */
  choosing: number | undefined;
  flags: Flag[];
};

interface TipLine {
  series: PlotSeries;
  hue: string;
  value: number | null;
  previous: number | null;
}

/** Crosshair and tooltip of a bucket: every series, largest first; announced to screen readers when it changes. */
export function Tooltip(props: TipProps): JSX.Element {
  const x = () => props.place(props.at) * 100;
  const isOpen = () => props.open && props.at === props.buckets.length - 1;
  const lines = createMemo(() =>
    props.series
      .map(
        (series, index): TipLine => ({
          series,
          hue: hue(index),
          value: series.values[props.at] ?? null,
          previous: series.previous?.[props.at] ?? null,
        }),
      )
      .sort((a, b) => (b.value ?? -Infinity) - (a.value ?? -Infinity)),
  );
  const drawsLines = () => props.kind === "line" || props.kind === "area";
  return (
    <>
      <Show when={drawsLines()}>
        <i class={styles.plotCross} style={{ left: `${x()}%` }} />
        <For each={lines().filter(({ value }) => value !== null)}>
          {(line) => (
            <i
              class={styles.plotDot}
              style={{
                left: `${x()}%`,
                bottom: `${heightOf(line.value ?? 0, props.scale) * 100}%`,
                "--hue": line.hue,
              }}
            />
          )}
        </For>
      </Show>
      <div
        class={`${styles.chartTip} ${styles.plotTip}`}
        role="status"
        style={{ left: `${x()}%`, translate: x() > 55 ? "calc(-100% - 12px) 0" : "12px 0" }}
      >
        <p class="small soft">
          {props.buckets[props.at]?.long}
          <Show when={isOpen()}> · so far</Show>
        </p>
        <For each={lines()}>
          {(line) => (
            <p class={styles.chartTipLine}>
              <i class="swatch" style={{ "--hue": line.hue }} />
              <span>{line.series.label}</span>
              <b>{line.value === null ? "–" : line.series.format(line.value)}</b>
            </p>
          )}
        </For>
        <Show when={lines().length === 1 && lines()[0]?.series.previous && lines()[0]}>
          {(line) => (
            <Before
              label={props.before}
              value={line().value}
              previous={line().previous}
              isOpen={isOpen()}
              format={line().series.format}
              change={props.change}
            />
          )}
        </Show>
        <For each={props.flags}>{(flag) => <p class={`small ${styles.plotFlagWords}`}>{flag.text}</p>}</For>
        <Choosing choosing={props.choosing} at={props.at} />
      </div>
    </>
  );
}
