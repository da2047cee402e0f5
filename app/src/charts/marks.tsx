/**
 * The marks of a plot: lines with or without a filled area, bars, stacks. Lines are SVG stretched over the plot, with strokes
 * that do not scale; areas and bars are boxes, so that their pattern keeps its size.
 * @module
 */
import { For, Index, type JSX, Show } from "solid-js";
import styles from "./charts.module.css";
import { hue, type PlotProps, type PlotSeries } from "./plot-props";
import { curve, heightOf, pathOf, polygonOf, type Scale, type Spot, stretches } from "./scale";

type Drawn = PlotProps & { scale: Scale };

/** Lines; in an area plot the first series is filled with the pattern. */
export function Curves(props: Drawn & { place: (index: number) => number }): JSX.Element {
  const floor = () => heightOf(Math.max(0, props.scale.low), props.scale);
  const curves = (values: (number | null)[]) => stretches(values, props.scale, props.place).map(curve);
  /** The line through the closed buckets. */
  const closed = ({ values }: PlotSeries) =>
    curves(props.open && values.length > 1 ? values.slice(0, -1) : values);
  const lastStep = ({ values }: PlotSeries): Spot[] => {
    const [before, last] = [values.at(-2) ?? null, values.at(-1) ?? null];
    if (!props.open || before === null || last === null) return [];
    const count = values.length;
    return [
      { x: props.place(count - 2), y: heightOf(before, props.scale) },
      { x: props.place(count - 1), y: heightOf(last, props.scale) },
    ];
  };
  /** The area below the closed buckets, extended to the open one. */
  const areas = (series: PlotSeries) => {
    const [all, step] = [closed(series), lastStep(series).slice(1)];
    return all.map((points, index) => (index === all.length - 1 ? [...points, ...step] : points));
  };
  const lone = ({ values }: PlotSeries) => values.flatMap((value, index) => isLone(values, index, value));
  return (
    <>
      <Show when={props.kind === "area"}>
        <Index each={props.series}>
          {(series, index) => (
            <For each={areas(series())}>
              {(points) => (
                <i
                  class={styles.plotArea}
                  data-first={index === 0 ? "" : undefined}
                  style={{ "clip-path": polygonOf(points, floor()), "--hue": hue(index) }}
                />
              )}
            </For>
          )}
        </Index>
      </Show>
      <svg class={styles.plotLines} viewBox="0 0 1000 1000" preserveAspectRatio="none" aria-hidden="true">
        <Show when={props.series.length === 1 && props.series[0]?.previous}>
          {(previous) => (
            <path
              class={styles.plotBefore}
              d={curves(previous()).map(pathOf).join("")}
              vector-effect="non-scaling-stroke"
            />
          )}
        </Show>
        <Index each={props.series}>
          {(series, index) => (
            <g style={{ stroke: hue(index) }}>
              <path d={closed(series()).map(pathOf).join("")} vector-effect="non-scaling-stroke" />
              <path
                class={styles.plotOpen}
                d={pathOf(lastStep(series()))}
                vector-effect="non-scaling-stroke"
              />
            </g>
          )}
        </Index>
      </svg>
      <Index each={props.series}>
        {(series, index) => (
          <For each={lone(series())}>
            {({ at, value }) => (
              <i
                class={styles.plotDot}
                style={{
                  left: `${props.place(at) * 100}%`,
                  bottom: `${heightOf(value, props.scale) * 100}%`,
                  "--hue": hue(index),
                }}
              />
            )}
          </For>
        )}
      </Index>
    </>
  );
}

/** A value without neighbors, which no line connects. */
function isLone(values: (number | null)[], at: number, value: number | null) {
  const isAlone = (values[at - 1] ?? null) === null && (values[at + 1] ?? null) === null;
  return value !== null && isAlone ? [{ at, value }] : [];
}

const BAND = 0.72;
const percent = (share: number) => `${Math.round(share * 10_000) / 100}%`;

/** Bars side by side. */
export function Bars(props: Drawn & { at: number | undefined }): JSX.Element {
  const width = () => BAND / props.buckets.length / props.series.length;
  const zero = () => heightOf(0, props.scale);
  const left = (index: number, nth: number) =>
    (index + 0.5) / props.buckets.length + (nth - props.series.length / 2) * width();
  return (
    <Index each={props.series}>
      {(series, nth) => (
        <Index each={series().values}>
          {(value, index) => {
            const top = () => heightOf(value() ?? 0, props.scale);
            const before = () => (props.series.length === 1 ? (series().previous?.[index] ?? null) : null);
            const across = () => ({ left: percent(left(index, nth)), width: percent(width()) });
            return (
              <>
                <Show when={value()}>
                  <i
                    class={styles.plotBar}
                    data-open={props.open && index === props.buckets.length - 1 ? "" : undefined}
                    data-at={props.at === index ? "" : undefined}
                    data-down={top() < zero() ? "" : undefined}
                    style={{
                      ...across(),
                      bottom: percent(Math.min(zero(), top())),
                      height: percent(Math.abs(top() - zero())),
                      "--hue": hue(nth),
                    }}
                  />
                </Show>
                <Show when={before()}>
                  {(height) => (
                    <i
                      class={styles.plotBarBefore}
                      style={{ ...across(), bottom: percent(heightOf(height(), props.scale)) }}
                    />
                  )}
                </Show>
              </>
            );
          }}
        </Index>
      )}
    </Index>
  );
}

/** Series stacked on each other, the largest at the bottom. */
export function Stacks(props: Drawn & { at: number | undefined }): JSX.Element {
  const below = (index: number, nth: number) =>
    props.series.slice(0, nth).reduce((sum, { values }) => sum + Math.max(0, values[index] ?? 0), 0);
  const width = () => BAND / props.buckets.length;
  return (
    <Index each={props.series}>
      {(series, nth) => (
        <Index each={series().values}>
          {(value, index) => (
            <Show when={(value() ?? 0) > 0}>
              <i
                class={styles.plotLayer}
                data-open={props.open && index === props.buckets.length - 1 ? "" : undefined}
                data-at={props.at === index ? "" : undefined}
                style={{
                  left: percent((index + 0.5) / props.buckets.length - width() / 2),
                  width: percent(width()),
                  bottom: percent(heightOf(below(index, nth), props.scale)),
                  height: percent((value() ?? 0) / (props.scale.high - props.scale.low)),
                  "--hue": hue(nth),
                }}
              />
            </Show>
          )}
        </Index>
      )}
    </Index>
  );
}
