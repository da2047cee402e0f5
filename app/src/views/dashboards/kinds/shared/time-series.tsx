/**
 * Values over time, as lines, areas, bars or stacks.
 * @module
 */
import { createMemo, For, type JSX, Show } from "solid-js";
import type { QueryResult } from "../../../../../../schema/wire/query";
import { polesOf } from "../../../../charts/flags";
import { Plot } from "../../../../charts/plot";
import { hue, type PlotKind } from "../../../../charts/plot-props";
import { COMPARISONS, longBucket, shortBucket } from "../../../../query-state";
import { change } from "../../../../ui/format";
import { locale } from "../../../../ui/locale";
import { brief, full } from "../../../../ui/write";
import { useDiscussion } from "../../../discussion/thread-context";
import { flagsOf } from "../../../discussion/threads";
import { type Times, timesOf } from "../../shape";
import type { Shown } from "../../shown";
import styles from "./time-series.module.css";

/** Maximum number of series drawn. */
const MOST = 7;

/** A plot with its legend; `title` is the accessible name. */
export function TimeSeries(props: {
  id: string;
  title: string;
  kind: PlotKind;
  result: QueryResult;
  shown: Shown;
}): JSX.Element {
  const times = createMemo(() => timesOf(props.result, props.shown.naming, locale(), props.shown));
  return <Show when={times()}>{(found) => <Drawn {...props} times={found()} />}</Show>;
}

function Drawn(props: {
  id: string;
  title: string;
  kind: PlotKind;
  times: Times;
  shown: Shown;
}): JSX.Element {
  const measure = () => props.times.series[0]?.measure ?? props.shown.naming.measure("");
  // Memoized because every mark reads them: without, a page of twenty widgets took half a second to render.
  const series = createMemo(() =>
    props.times.series.slice(0, MOST).map((one) => ({
      ...one,
      previous: props.shown.compare === "none" ? null : one.previous,
      format: (value: number) => full(value, one.measure, locale()),
    })),
  );
  const buckets = createMemo(() => {
    const { starts, grain } = props.times;
    const { timezone } = props.shown;
    return starts.map((start) => ({
      short: shortBucket(start, grain, starts.length, locale(), timezone),
      long: longBucket(start, grain, locale(), timezone),
    }));
  });
  const ticks = () => {
    const { unit } = measure();
    return unit === "ms" ? "ms" : unit === "count" ? "whole" : "plain";
  };
  const select = (first: number, last: number) => {
    const from = props.times.starts[first];
    if (from !== undefined) props.shown.onRange?.(from, props.times.starts[last + 1] ?? props.shown.now);
  };
  const pick = (index: number) => {
    const start = props.times.starts[index];
    if (start !== undefined) props.shown.onMoment?.(props.id, start);
  };
  const discussion = useDiscussion();
  const comments = () => (discussion ? flagsOf(discussion.threads(), props.id) : []);
  const isCompared = () => series().length === 1 && series()[0]?.previous !== null;
  return (
    <div class={styles.time} data-layout="chart">
      <Show when={series().length > 1 || isCompared()}>
        <ul class="legend">
          <For each={series()}>
            {(one, index) => (
              <li>
                <i class="swatch" style={{ "--hue": hue(index()) }} />
                {one.label}
              </li>
            )}
          </For>
          <Show when={isCompared()}>
            <li class="soft">
              <i class="key-before" />
              {COMPARISONS[props.shown.compare]}
            </li>
          </Show>
          <Show when={props.times.series.length > MOST}>
            <li class="soft">and {props.times.series.length - MOST} more in the table</li>
          </Show>
        </ul>
      </Show>
      <Plot
        kind={props.kind}
        label={props.title}
        series={series()}
        buckets={buckets()}
        open={props.times.open}
        ticks={ticks()}
        tick={(value) => brief(value, measure(), locale())}
        change={(ratio) => change(ratio, locale())}
        before={COMPARISONS[props.shown.compare]}
        poles={polesOf([...props.shown.flags, ...comments()], props.times.starts, props.shown.now)}
        onSelect={props.shown.onRange && select}
        onPick={props.shown.onMoment && pick}
      />
    </div>
  );
}
