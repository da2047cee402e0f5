/**
 * A metric over time: current and previous period, the open bucket, a crosshair for mouse, touch and keyboard, and selection
 * of a range by dragging.
 * @module
 */
import { createEffect, createSignal, type JSX, lazy, on, onCleanup, onMount, Show, Suspense } from "solid-js";
import { flagsAt } from "./flags";
import { type Geometry, nearest } from "./geometry";
import type { LineChart, LineData } from "./line";
import { createPointing } from "./pointing";
import { Sketch } from "./sketch";
import type { TimeChartProps } from "./time-chart-props";
import { Selection, SoFar, Tip } from "./time-tip";

const FlagRow = lazy(() => import("./flag-row"));
const DayMenu = lazy(() => import("./day-menu"));

function lineData(props: TimeChartProps): LineData {
  return {
    labels: props.buckets.map((bucket) => bucket.short),
    values: props.buckets.map((bucket) => bucket.value),
    previous: props.buckets.map((bucket) => bucket.previous),
    open: props.buckets.at(-1)?.partial ?? false,
    whole: props.whole,
    tick: props.tick,
  };
}

/** The chart; until chart.js is loaded, the same lines as SVG. */
export function TimeChart(props: TimeChartProps): JSX.Element {
  let canvas!: HTMLCanvasElement;
  let chart: LineChart | undefined;
  const [geometry, setGeometry] = createSignal<Geometry>();
  const pointing = createPointing(() => props.buckets.length);
  const { at, anchor } = pointing;
  const [picked, setPicked] = createSignal<number>();

  onMount(() => {
    const dark = matchMedia("(prefers-color-scheme: dark)");
    const repaint = () => chart?.repaint();
    const themes = new MutationObserver(repaint);
    let gone = false;
    // The condition removes chart.js from the Worker's bundle.
    if (import.meta.env.SSR) return;
    void import("./line").then(({ makeLineChart }) => {
      if (!gone) chart = makeLineChart(canvas, lineData(props), setGeometry);
    });
    dark.addEventListener("change", repaint);
    themes.observe(document.documentElement, { attributeFilter: ["data-theme"] });
    onCleanup(() => {
      gone = true;
      dark.removeEventListener("change", repaint);
      themes.disconnect();
      chart?.destroy();
    });
  });
  createEffect(
    on(
      () => lineData(props),
      (data) => chart?.update(data),
      { defer: true },
    ),
  );

  const bucketAt = (event: PointerEvent & { currentTarget: HTMLElement }) => {
    const places = geometry();
    if (!places) return undefined;
    return nearest(places.xs, event.clientX - event.currentTarget.getBoundingClientRect().left);
  };
  const finish = () => {
    const stretch = pointing.take();
    if (stretch) props.onSelect(...stretch);
    else if (props.offers) setPicked(at());
  };
  const press = (event: KeyboardEvent) => {
    if (pointing.step(event)) return;
    if (event.key === "Enter") finish();
    else if (event.key === "Escape") pointing.leave();
  };

  return (
    // biome-ignore lint/a11y/useSemanticElements: a chart is not a fieldset
    <div
      class="chart"
      role="group"
      aria-roledescription="chart"
      aria-label={`${props.metric} over time. Arrow keys select a bucket, Shift and arrow keys a range, Enter zooms to it${props.offers ? " or opens one bucket" : ""}.`}
      tabindex="0"
      onKeyDown={press}
      onBlur={() => pointing.pointAt(undefined)}
      onPointerMove={(event) => pointing.pointAt(bucketAt(event))}
      onPointerLeave={() => anchor() === undefined && pointing.pointAt(undefined)}
      onPointerDown={(event) => {
        if (event.button !== 0) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        pointing.begin(bucketAt(event));
      }}
      onPointerUp={finish}
      onPointerCancel={pointing.giveUp}
    >
      <Show when={!geometry()}>
        <Sketch buckets={props.buckets} />
      </Show>
      <canvas ref={canvas} />
      <Show when={geometry()}>
        {(places) => (
          <>
            <Show when={anchor() !== undefined && anchor() !== at()}>
              <Selection geometry={places()} from={anchor() ?? 0} to={at() ?? 0} />
            </Show>
            <Show when={at() !== undefined && picked() === undefined && props.buckets[at() ?? 0]}>
              <Tip
                {...props}
                geometry={places()}
                at={at() ?? 0}
                choosing={anchor()}
                flags={flagsAt(props.poles, at())}
              />
            </Show>
            <Show when={props.buckets.at(-1)?.partial && at() === undefined}>
              <SoFar geometry={places()} />
            </Show>
            <Suspense>
              <Show when={props.poles?.length}>
                <FlagRow
                  poles={props.poles ?? []}
                  geometry={places()}
                  nameOf={(index) => props.buckets[index]?.long ?? ""}
                  onPick={setPicked}
                />
              </Show>
              <Show when={props.offers && picked() !== undefined}>
                <DayMenu
                  title={props.buckets[picked() ?? 0]?.long ?? ""}
                  geometry={places()}
                  at={picked() ?? 0}
                  onClose={() => setPicked(undefined)}
                >
                  {props.offers?.(picked() ?? 0)}
                </DayMenu>
              </Show>
            </Suspense>
          </>
        )}
      </Show>
    </div>
  );
}
