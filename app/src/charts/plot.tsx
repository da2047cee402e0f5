/**
 * Several series over time, rendered on the server: lines, areas, bars side by side or stacked. All positions are shares of
 * the box, so nothing is measured and a plot follows its widget's size without a script.
 * @module
 */
import { createMemo, For, Index, type JSX, Show } from "solid-js";
import styles from "./charts.module.css";
import { flagsAt, type Pole } from "./flags";
import { Bars, Curves, Stacks } from "./marks";
import { type PlotBucket, type PlotProps, placeOf } from "./plot-props";
import { Tooltip } from "./plot-tip";
import { createPointing } from "./pointing";
import { heightOf, labelled, type Scale, scaleOf } from "./scale";

function scaleFor(props: PlotProps): Scale {
  if (props.kind === "stacked") {
    const sums = props.buckets.map((_, index) =>
      props.series.reduce((sum, { values }) => sum + Math.max(0, values[index] ?? 0), 0),
    );
    return scaleOf(sums, props.ticks);
  }
  const all = props.series.flatMap(({ values, previous }) => [...values, ...(previous ?? [])]);
  return scaleOf(all, props.ticks);
}

/** The plot with its axes and a crosshair for mouse, touch and keyboard. */
export function Plot(props: PlotProps): JSX.Element {
  const pointing = createPointing(() => props.buckets.length);
  const { at, anchor } = pointing;
  const scale = createMemo(() => scaleFor(props));
  const place = createMemo(() => placeOf(props.kind, props.buckets.length));
  const bucketAt = (event: PointerEvent & { currentTarget: HTMLElement }) => {
    const { left, width } = event.currentTarget.getBoundingClientRect();
    const share = (event.clientX - left) / width;
    const count = props.buckets.length;
    const isBand = place()(0) > 0;
    const index = isBand ? Math.floor(share * count) : Math.round(share * (count - 1));
    return Math.max(0, Math.min(count - 1, index));
  };
  const finish = () => {
    const stretch = pointing.take();
    if (stretch) props.onSelect?.(...stretch);
  };
  const press = (event: KeyboardEvent) => {
    if (pointing.step(event)) event.stopPropagation();
    else if (event.key === "Enter") {
      const to = at();
      if (to === undefined) return;
      event.stopPropagation();
      if (anchor() === undefined) props.onPick?.(to);
      else finish();
    } else if (event.key === "Escape" && at() !== undefined) {
      event.stopPropagation();
      pointing.leave();
    }
  };
  return (
    <div class="plot" data-kind={props.kind}>
      <YAxis scale={scale()} tick={props.tick} />
      {/* biome-ignore lint/a11y/useSemanticElements: a chart is not a fieldset */}
      <div
        class="plot-field"
        role="group"
        aria-roledescription="chart"
        aria-label={`${props.label} over time. Arrow keys select a bucket${props.onPick ? ", Enter opens it" : ""}.`}
        tabindex="0"
        onKeyDown={press}
        onBlur={pointing.leave}
        onPointerMove={(event) => pointing.pointAt(bucketAt(event))}
        onPointerLeave={() => anchor() === undefined && pointing.pointAt(undefined)}
        onPointerDown={(event) => {
          if (event.button !== 0 || !props.onSelect) return;
          event.currentTarget.setPointerCapture(event.pointerId);
          pointing.begin(bucketAt(event));
        }}
        onPointerUp={finish}
        onDblClick={() => at() !== undefined && props.onPick?.(at() ?? 0)}
        onPointerCancel={pointing.leave}
      >
        <For each={scale().ticks}>
          {(tick) => (
            <i
              class={styles.plotHairline}
              data-zero={tick === 0 ? "" : undefined}
              style={{ bottom: `${heightOf(tick, scale()) * 100}%` }}
            />
          )}
        </For>
        <Show when={props.kind === "line" || props.kind === "area"}>
          <Curves {...props} scale={scale()} place={place()} />
        </Show>
        <Show when={props.kind === "bar"}>
          <Bars {...props} scale={scale()} at={at()} />
        </Show>
        <Show when={props.kind === "stacked"}>
          <Stacks {...props} scale={scale()} at={at()} />
        </Show>
        <Poles poles={props.poles ?? []} place={place()} />
        <Show when={anchor() !== undefined && at() !== undefined && anchor() !== at()}>
          <Stretch from={place()(anchor() ?? 0)} to={place()(at() ?? 0)} />
        </Show>
        <Show when={at() !== undefined && props.buckets[at() ?? 0]}>
          <Tooltip
            {...props}
            scale={scale()}
            place={place()}
            at={at() ?? 0}
            choosing={anchor()}
            flags={flagsAt(props.poles, at())}
          />
        </Show>
      </div>
      <XAxis buckets={props.buckets} place={place()} />
    </div>
  );
}

function YAxis(props: { scale: Scale; tick: (value: number) => string }): JSX.Element {
  const words = () => props.scale.ticks.map((tick) => props.tick(tick));
  const widest = () => words().reduce((a, b) => (b.length > a.length ? b : a), "");
  return (
    <div class={styles.plotY} aria-hidden="true">
      <span class={styles.plotWidest}>{widest()}</span>
      <Index each={words()}>
        {(word, index) => (
          <span
            class={styles.plotTick}
            style={{ bottom: `${heightOf(props.scale.ticks[index] ?? 0, props.scale) * 100}%` }}
          >
            {word()}
          </span>
        )}
      </Index>
    </div>
  );
}

function XAxis(props: { buckets: PlotBucket[]; place: (index: number) => number }): JSX.Element {
  const edge = (x: number) => (x < 0.04 ? "start" : x > 0.96 ? "end" : undefined);
  return (
    <div class={styles.plotX} aria-hidden="true">
      <For each={labelled(props.buckets.length)}>
        {({ index, level }) => (
          <span
            data-level={level}
            data-edge={edge(props.place(index))}
            style={{ left: `${props.place(index) * 100}%` }}
          >
            {props.buckets[index]?.short}
          </span>
        )}
      </For>
    </div>
  );
}

function Poles(props: { poles: Pole[]; place: (index: number) => number }): JSX.Element {
  return (
    <For each={props.poles}>
      {(pole) => (
        <i
          class="plot-pole"
          data-kind={pole.flags[0]?.kind}
          style={{ left: `${props.place(pole.index) * 100}%` }}
        />
      )}
    </For>
  );
}

function Stretch(props: { from: number; to: number }): JSX.Element {
  return (
    <i
      class={styles.plotStretch}
      style={{
        left: `${Math.min(props.from, props.to) * 100}%`,
        width: `${Math.abs(props.to - props.from) * 100}%`,
      }}
    />
  );
}
