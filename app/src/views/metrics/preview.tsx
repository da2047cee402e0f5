/**
 * Preview of a draft: value, change and 30 days.
 * @module
 */
import { createMemo, type JSX, Match, Show, Switch } from "solid-js";
import { Plot } from "../../charts/plot";
import { changeOf, longBucket, shortBucket } from "../../query-state";
import { change, exact } from "../../ui/format";
import { locale } from "../../ui/locale";
import { BigFigure, Change } from "../../ui/metric-value";
import { ProblemNotice } from "../../ui/problem";
import { brief, full } from "../../ui/write";
import { type Naming, namingOf } from "../dashboards/naming";
import { timesOf, totalOf } from "../dashboards/shape";
import type { Draft } from "./draft";
import { unitLabel } from "./labels";
import styles from "./preview.module.css";
import type { DraftResult, Preview } from "./preview-data";

/** `result` is undefined while the draft is incomplete; `isWaiting` while a newer draft is loading. */
export function PreviewPanel(props: {
  draft: Draft;
  result: DraftResult | undefined;
  isWaiting: boolean;
  timezone: string;
}): JSX.Element {
  const numbers = () => (props.result?.kind === "numbers" ? props.result.preview : undefined);
  const problem = () => (props.result?.kind === "problem" ? props.result.problem : undefined);
  return (
    <section
      class={`panel ${styles.preview}`}
      aria-label="Preview"
      data-waiting={props.isWaiting ? "" : undefined}
    >
      <div class={styles.head}>
        <h2>{props.draft.label || "Preview"}</h2>
        <span class="small soft" role="status">
          {props.isWaiting ? "Loading" : "Last 30 days"}
        </span>
      </div>
      <Switch fallback={<p class="soft nothing">Complete the rule to see a preview.</p>}>
        <Match when={numbers()}>{(shown) => <Numbers {...props} preview={shown()} />}</Match>
        <Match when={props.result?.kind === "wrong"}>
          <p class="soft nothing">The rule has errors. Fix the highlighted fields to see a preview.</p>
        </Match>
        <Match when={problem()}>{(refused) => <ProblemNotice problem={refused()} />}</Match>
      </Switch>
    </section>
  );
}

/** Labels of the draft for the metric of the results. */
function namingOfDraft(draft: Draft): Naming {
  const known = namingOf(undefined, []);
  return {
    ...known,
    measure: (name, unit = "count") => ({
      name,
      label: draft.label || "This metric",
      unit,
      decimal: unit === "ratio" && draft.format !== null && draft.format !== "percent",
      better: draft.good ?? undefined,
      description: draft.description,
    }),
  };
}

function Numbers(props: { draft: Draft; preview: Preview; timezone: string }): JSX.Element {
  const naming = createMemo(() => namingOfDraft(props.draft));
  const total = createMemo(() => totalOf(props.preview.total, naming()));
  const times = createMemo(() =>
    timesOf(props.preview.days, naming(), locale(), { timezone: props.timezone, now: Date.now() }),
  );
  const meta = () => props.preview.total.meta;
  return (
    <>
      <p class={styles.number}>
        <BigFigure value={total().value} unit={total().measure.unit} decimal={total().measure.decimal} />
        <Show when={total().value !== null || total().previous !== null}>
          <Change ratio={changeOf(total())} better={total().measure.better} against="the previous 30 days" />
        </Show>
      </p>
      <Show when={total().value === null}>
        <p class="small soft">
          {props.draft.kind === "formula"
            ? "No value: the divisor is 0 or empty in the last 30 days."
            : "No values in the last 30 days."}
        </p>
      </Show>
      <Show when={times()}>
        {(shown) => (
          <div class={styles.plot}>
            <Plot
              kind="area"
              label={props.draft.label || "This metric"}
              series={shown().series.map((series) => ({
                ...series,
                format: (value: number) => full(value, series.measure, locale()),
              }))}
              buckets={shown().starts.map((start) => ({
                short: shortBucket(start, shown().grain, shown().starts.length, locale(), props.timezone),
                long: longBucket(start, shown().grain, locale(), props.timezone),
              }))}
              open={shown().open}
              ticks={tickKind(total().measure.unit)}
              tick={(value) => brief(value, total().measure, locale())}
              change={(ratio) => change(ratio, locale())}
              before="Previous 30 days"
            />
          </div>
        )}
      </Show>
      <p class="small soft">
        Unit: {unitLabel(total().measure.unit)}.{" "}
        {meta().source === "rollup"
          ? "Answered from pre-aggregated data."
          : `Scanned ${exact(meta().rows_scanned, locale())} rows.`}
        {meta().approximate
          ? " Some numbers are estimates: distinct counts above a few thousand, with a standard error of 0.81%, and rare values."
          : ""}
      </p>
    </>
  );
}

const tickKind = (unit: string) => (unit === "ms" ? "ms" : unit === "count" ? "whole" : "plain");
