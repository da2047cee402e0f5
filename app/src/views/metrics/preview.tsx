/**
 * What the draft comes to: number, change and 30 days, asked as a widget would ask.
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
import { unitWords } from "./labels";
import styles from "./preview.module.css";
import type { Asked, Preview } from "./preview-data";

/** `asked` is undefined until there is enough to ask; `isWaiting` while a newer draft is being asked. */
export function PreviewPanel(props: {
  draft: Draft;
  asked: Asked | undefined;
  isWaiting: boolean;
  timezone: string;
}): JSX.Element {
  const numbers = () => (props.asked?.kind === "numbers" ? props.asked.preview : undefined);
  const problem = () => (props.asked?.kind === "problem" ? props.asked.problem : undefined);
  return (
    <section
      class={`panel ${styles.preview}`}
      aria-label="Preview"
      data-waiting={props.isWaiting ? "" : undefined}
    >
      <div class={styles.head}>
        <h2>{props.draft.label || "Preview"}</h2>
        <span class="small soft" role="status">
          {props.isWaiting ? "Counting" : "Last 30 days"}
        </span>
      </div>
      <Switch fallback={<p class="soft nothing">The number appears here as soon as the rule is complete.</p>}>
        <Match when={numbers()}>{(shown) => <Numbers {...props} preview={shown()} />}</Match>
        <Match when={props.asked?.kind === "wrong"}>
          <p class="soft nothing">
            It cannot be counted like this yet. What is wrong stands beside its field; nothing that is saved
            changes meanwhile.
          </p>
        </Match>
        <Match when={problem()}>{(refused) => <ProblemNotice problem={refused()} />}</Match>
      </Switch>
    </section>
  );
}

/** The draft's own words for the one metric of the answers. */
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
          <Change ratio={changeOf(total())} better={total().measure.better} against="the 30 days before" />
        </Show>
      </p>
      <Show when={total().value === null}>
        <p class="small soft">
          {props.draft.kind === "formula"
            ? "There is nothing to divide by in these 30 days: the answer is “–”, not 0."
            : "No row of these 30 days has a value to calculate with."}
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
              before="30 days before"
            />
          </div>
        )}
      </Show>
      <p class="small soft">
        Unit: {unitWords(total().measure.unit)}.{" "}
        {meta().source === "rollup"
          ? "Answered from what is kept counted."
          : `Read from ${exact(meta().rows_scanned, locale())} stored rows.`}
        {meta().approximate ? " Different people are estimated, with a standard error of 0.81 %." : ""}
      </p>
    </>
  );
}

const tickKind = (unit: string) => (unit === "ms" ? "ms" : unit === "count" ? "whole" : "plain");
