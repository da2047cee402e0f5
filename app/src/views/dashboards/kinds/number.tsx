/**
 * A number with its change, sparkline and target.
 * @module
 */
import { createMemo, type JSX, Show } from "solid-js";
import { Sparkline } from "../../../charts/sparkline";
import { COMPARISONS, changeOf } from "../../../query-state";
import { TextField } from "../../../ui/field";
import { percent } from "../../../ui/format";
import { locale } from "../../../ui/locale";
import { BigFigure, Change } from "../../../ui/metric-value";
import { brief, full } from "../../../ui/write";
import type { Measure } from "../naming";
import { timesOf, totalOf } from "../shape";
import type { QueryKind, SettingsProps, ViewProps } from "./kind";
import styles from "./number.module.css";

/** Shows the first metric of the result. */
function NumberView(props: ViewProps): JSX.Element {
  const total = createMemo(() => totalOf(props.result, props.shown.naming));
  const times = createMemo(() => timesOf(props.result, props.shown.naming, locale(), props.shown));
  /** A public page may lack the previous value: then no change is shown. */
  const isCompared = () => {
    const { value, previous } = total();
    return props.shown.compare !== "none" && previous !== null && (value || previous);
  };
  return (
    <div class={styles.number}>
      <p class={styles.value}>
        <BigFigure value={total().value} unit={total().measure.unit} decimal={total().measure.decimal} />
        <Show when={isCompared()}>
          <Change
            ratio={changeOf(total())}
            better={total().measure.better}
            against={`${COMPARISONS[props.shown.compare]}: ${full(total().previous, total().measure, locale())}`}
          />
        </Show>
      </p>
      <Show when={props.widget.target}>
        {(target) => <TargetProgress value={total().value} target={target()} measure={total().measure} />}
      </Show>
      <Show when={(times()?.starts.length ?? 0) > 1 && times()}>
        {(shown) => <Sparkline values={shown().series[0]?.values ?? []} open={shown().open} />}
      </Show>
    </div>
  );
}

function TargetProgress(props: { value: number | null; target: number; measure: Measure }): JSX.Element {
  const reached = () => (props.value ?? 0) / props.target;
  return (
    <div class={styles.target} data-reached={reached() >= 1 ? "" : undefined}>
      <div class={styles.track}>
        <i style={{ width: `${Math.max(0, Math.min(1, reached())) * 100}%` }} />
      </div>
      <p class="small soft">
        {percent(reached(), locale(), 0)} of {brief(props.target, props.measure, locale())}
      </p>
    </div>
  );
}

/** The unit in which a target is entered: percent and seconds instead of ratios and milliseconds. */
function TargetField(props: SettingsProps): JSX.Element {
  const measure = () => props.naming.measure(props.widget.query?.metrics[0] ?? "");
  const scale = () =>
    measure().unit === "ms" ? 1000 : measure().unit === "ratio" && !measure().decimal ? 0.01 : 1;
  const label = () =>
    scale() === 1000 ? "Target, seconds" : scale() === 0.01 ? "Target, percent" : "Target";
  return (
    <TextField
      label={label()}
      type="number"
      step="any"
      placeholder="None"
      value={props.widget.target === undefined ? "" : Number((props.widget.target / scale()).toPrecision(12))}
      onInput={(event) => {
        const typed = event.currentTarget.valueAsNumber;
        props.onChange({ target: Number.isFinite(typed) ? typed * scale() : undefined });
      }}
    />
  );
}

export const number: QueryKind = {
  label: "Number",
  description: "A number with its change, a sparkline and an optional target.",
  icon: "M3 6h7M3 12l4-2 4 1 5-4 5-1",
  iconPosition: "start",
  minSize: { w: 2, h: 1 },
  defaultSize: { w: 3, h: 2 },
  metrics: 1,
  dimensions: [0, 0],
  interval: "always",
  hasLimit: false,
  hasTarget: true,
  hasTableView: false,
  handlesEmpty: true,
  View: NumberView,
  Settings: TargetField,
};
