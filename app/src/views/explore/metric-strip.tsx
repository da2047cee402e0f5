/**
 * The metrics of the overview in one row. The selected one is marked and drawn in the chart below.
 * @module
 */
import { For, type JSX, Show } from "solid-js";
import { Sparkline } from "../../charts/sparkline";
import { changeOf } from "../../query-state";
import { compact, percent } from "../../ui/format";
import { locale } from "../../ui/locale";
import { BigFigure, Change } from "../../ui/metric-value";
import { Help } from "../../ui/popover";
import styles from "./explore.module.css";
import { METRIC_NAMES, type MetricName, metricOf } from "./metrics";
import type { Dashboard } from "./shape";

interface StripProps {
  data: Dashboard;
  chosen: MetricName;
  comparing: boolean;
  onChoose: (metric: MetricName) => void;
}

/** Seven metrics and the top event. */
export function MetricStrip(props: StripProps): JSX.Element {
  return (
    <ul class={styles.strip} aria-label="Metrics">
      <For each={METRIC_NAMES}>{(name) => <MetricCard {...props} name={name} />}</For>
      <TopEvent {...props} />
    </ul>
  );
}

function MetricCard(props: StripProps & { name: MetricName }): JSX.Element {
  const metric = () => metricOf(props.name);
  const measured = () => props.data.totals[props.name];
  return (
    <li class="metric" data-chosen={props.chosen === props.name ? "" : undefined}>
      <p class={styles.metricName}>
        <button
          type="button"
          class={styles.metricPress}
          aria-pressed={props.chosen === props.name}
          onClick={() => props.onChoose(props.name)}
        >
          {metric().label}
        </button>
        <Help about={metric().label.toLowerCase()}>
          <b>{metric().label}</b>
          {metric().rule}
          <Show when={props.data.approximate && metric().unit === "count"}>
            <br />
            Unique visitors above a few thousand are estimated with a standard error of 0.81%.
          </Show>
        </Help>
      </p>
      <p class={styles.metricValue}>
        <BigFigure value={measured().value} unit={metric().unit} />
        <Show when={props.comparing && (measured().value || measured().previous)}>
          <Change ratio={changeOf(measured())} better={metric().better} />
        </Show>
      </p>
      <Sparkline
        values={props.data.points.map((point) => point.values[props.name]?.value ?? null)}
        open={props.data.points.at(-1)?.partial}
      />
    </li>
  );
}

function TopEvent(props: StripProps): JSX.Element {
  return (
    <li class={`metric ${styles.metricTop}`}>
      <p class={styles.metricName}>
        <span>Top event</span>
        <Help about="the top event">
          <b>Top event</b>
          The most frequent event in the range, and its share of all events.
        </Help>
      </p>
      <Show when={props.data.top} fallback={<p class={`${styles.metricValue} soft`}>None yet</p>}>
        {(top) => (
          <>
            <p class={styles.metricValue}>
              <b class={styles.topName} title={top().value ?? ""}>
                {top().value}
              </b>
            </p>
            <p class="small soft">
              <For each={compact(top().count, locale())}>{(part) => part.value + part.unit}</For>
              {" · "}
              {percent(top().share, locale(), 0)} of events
            </p>
          </>
        )}
      </Show>
    </li>
  );
}
