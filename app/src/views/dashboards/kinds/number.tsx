/**
 * A number with its change, sparkline and target.
 * @module
 */
import { createMemo, type JSX, Show } from "solid-js";
import type { QueryResult } from "../../../../../schema/wire/query";
import { Sparkline } from "../../../charts/sparkline";
import { COMPARISONS, changeOf } from "../../../query-state";
import { percent } from "../../../ui/format";
import { locale } from "../../../ui/locale";
import { BigFigure, Change } from "../../../ui/metric-value";
import { brief, full } from "../../../ui/write";
import type { Measure } from "../naming";
import { timesOf, totalOf } from "../shape";
import type { Shown } from "../shown";
import styles from "./number.module.css";

/** Shows the first metric of the result. */
export function NumberKind(props: {
  result: QueryResult;
  target: number | undefined;
  shown: Shown;
}): JSX.Element {
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
      <Show when={props.target}>
        {(target) => <Target value={total().value} target={target()} measure={total().measure} />}
      </Show>
      <Show when={(times()?.starts.length ?? 0) > 1 && times()}>
        {(shown) => <Sparkline values={shown().series[0]?.values ?? []} open={shown().open} />}
      </Show>
    </div>
  );
}

function Target(props: { value: number | null; target: number; measure: Measure }): JSX.Element {
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
