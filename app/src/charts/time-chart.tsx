/**
 * A metric over time: current and previous period, the open bucket, a crosshair for mouse, finger and key, and a
 * range to drag out.
 * @module
 */
import { createEffect, createSignal, type JSX, lazy, on, onCleanup, onMount, Show, Suspense } from "solid-js";
import type { Flag, Pole } from "./flags";
import { type Geometry, nearest } from "./geometry";
import type { LineChart, LineData } from "./line";
import { Sketch } from "./sketch";
import { Selection, SoFar, Tip } from "./time-tip";

const FlagRow = lazy(() => import("./flag-row"));
const DayMenu = lazy(() => import("./day-menu"));

/** One bucket as the chart names it. */
export interface Bucket {
  /** On the axis. */
  short: string;
  /** In the tooltip and the table. */
  long: string;
  /** The bucket it is compared with, in words. */
  before?: string;
  value: number | null;
  previous: number | null;
  partial: boolean;
}

export interface TimeChartProps {
  buckets: Bucket[];
  /** What is drawn, as a name. */
  metric: string;
  /** True when values are counts. */
  whole: boolean;
  /** A value in full. */
  format: (value: number) => string;
  /** A value as the axis says it. */
  tick: (value: number) => string;
  change: (ratio: number) => string;
  /** A range was chosen: indexes of its first and last bucket. */
  onSelect: (first: number, last: number) => void;
  /** Flags on the axis. */
  poles?: Pole[];
  /** What a press on one bucket offers, as items of a menu. Left out: nothing. */
  offers?: (index: number) => JSX.Element;
}

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

/** The chart; before chart.js is there, the same lines from the server. */
export function TimeChart(props: TimeChartProps): JSX.Element {
  let canvas!: HTMLCanvasElement;
  let chart: LineChart | undefined;
  const [geometry, setGeometry] = createSignal<Geometry>();
  const [at, setAt] = createSignal<number>();
  const [anchor, setAnchor] = createSignal<number>();
  const [picked, setPicked] = createSignal<number>();

  onMount(() => {
    const dark = matchMedia("(prefers-color-scheme: dark)");
    const repaint = () => chart?.repaint();
    const themes = new MutationObserver(repaint);
    let gone = false;
    // The condition keeps chart.js out of the Worker.
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

  const clamp = (index: number) => Math.max(0, Math.min(props.buckets.length - 1, index));
  const pointAt = (event: PointerEvent & { currentTarget: HTMLElement }) => {
    const places = geometry();
    if (!places) return undefined;
    return nearest(places.xs, event.clientX - event.currentTarget.getBoundingClientRect().left);
  };
  const finish = () => {
    const from = anchor();
    const to = at();
    setAnchor(undefined);
    if (from !== undefined && to !== undefined && from !== to)
      props.onSelect(Math.min(from, to), Math.max(from, to));
    else if (props.offers) setPicked(to);
  };
  const flagsAt = (index: number): Flag[] => props.poles?.find((pole) => pole.index === index)?.flags ?? [];
  const press = (event: KeyboardEvent) => {
    const step = { ArrowLeft: -1, ArrowRight: 1, PageUp: -7, PageDown: 7, Home: -1e6, End: 1e6 }[event.key];
    if (step !== undefined) {
      event.preventDefault();
      if (event.shiftKey) setAnchor((from) => from ?? at() ?? props.buckets.length - 1);
      else setAnchor(undefined);
      setAt((index) => clamp((index ?? (step > 0 ? -1 : props.buckets.length)) + step));
    } else if (event.key === "Enter") finish();
    else if (event.key === "Escape") {
      setAnchor(undefined);
      setAt(undefined);
    }
  };

  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is not what this is
    <div
      class="chart"
      role="group"
      aria-roledescription="chart"
      aria-label={`${props.metric} over time. Arrows move along it, shift and arrows choose a range, enter takes it${props.offers ? ", or one bucket" : ""}.`}
      tabindex="0"
      onKeyDown={press}
      onBlur={() => setAt(undefined)}
      onPointerMove={(event) => setAt(pointAt(event))}
      onPointerLeave={() => anchor() === undefined && setAt(undefined)}
      onPointerDown={(event) => {
        if (event.button !== 0) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        setAt(pointAt(event));
        setAnchor(pointAt(event));
      }}
      onPointerUp={finish}
      onPointerCancel={() => setAnchor(undefined)}
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
                flags={flagsAt(at() ?? 0)}
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
