/**
 * The selected metric over time, as a chart or as a table.
 * @module
 */
import { createSignal, For, type JSX, Show } from "solid-js";
import type { Granularity } from "../../../../schema/wire/query";
import { polesOf } from "../../charts/flags";
import { TimeChart } from "../../charts/time-chart";
import type { Bucket } from "../../charts/time-chart-props";
import { COMPARISONS, changeOf, GRAINS, longBucket, shortBucket } from "../../query-state";
import { change, figures, precise } from "../../ui/format";
import { Icon } from "../../ui/icon";
import { locale } from "../../ui/locale";
import { Change } from "../../ui/metric-value";
import type { Notes } from "../discussion/notes";
import styles from "./explore.module.css";
import { metricOf } from "./metrics";
import type { Dashboard } from "./shape";
import type { ExploreState } from "./state";

interface TimePanelProps {
  timezone: string;
  data: Dashboard;
  state: ExploreState;
  onGrain: (grain: Granularity | null) => void;
  /** Epoch ms, half-open. */
  onRange: (from: number, to: number) => void;
  /** Annotations of the project. */
  notes?: Notes;
}

const BUCKET: Record<Granularity, string> = { hour: "hour", day: "day", week: "week", month: "month" };

/** The panel below the metrics. */
export function TimePanel(props: TimePanelProps): JSX.Element {
  const [asTable, setAsTable] = createSignal(false);
  const metric = () => metricOf(props.state.metric);
  const comparing = () => props.state.compare !== "none";
  const buckets = (): Bucket[] =>
    props.data.points.map((point) => ({
      short: shortBucket(
        point.key,
        props.data.granularity,
        props.data.points.length,
        locale(),
        props.timezone,
      ),
      long: longBucket(point.key, props.data.granularity, locale(), props.timezone),
      before: comparing() ? COMPARISONS[props.state.compare] : undefined,
      value: point.values[props.state.metric]?.value ?? null,
      previous: comparing() ? (point.values[props.state.metric]?.previous ?? null) : null,
      partial: point.partial,
    }));
  const starts = () => props.data.points.map(({ key }) => key);
  const end = (last: number) => starts()[last + 1] ?? Date.now();
  const select = (first: number, last: number) => {
    const from = starts()[first];
    if (from !== undefined) props.onRange(from, end(last));
  };
  const poles = () => polesOf(props.notes?.flags() ?? [], starts(), end(starts().length));
  const offers = (notes: Notes) => (index: number) => (
    <>
      <button type="button" class="menu-item" onClick={() => notes.open(starts()[index] ?? 0, end(index))}>
        <Icon name="flag" size={16} />
        Notes on this {BUCKET[props.data.granularity]}
      </button>
      <button type="button" class="menu-item" onClick={() => select(index, index)}>
        <Icon name="search" size={16} />
        Zoom to this {BUCKET[props.data.granularity]}
      </button>
    </>
  );
  return (
    <section class={styles.when} aria-label={`${metric().label} over time`}>
      <div class={styles.whenHead}>
        <p class="legend">
          <span>
            <i class="key-now" />
            {metric().label}
          </span>
          <Show when={comparing()}>
            <span class="soft">
              <i class="key-before" />
              {COMPARISONS[props.state.compare]}
            </span>
          </Show>
        </p>
        <div class={styles.whenTools}>
          <Grains granularity={props.data.granularity} onGrain={props.onGrain} />
          <button
            type="button"
            class="button"
            data-kind="quiet"
            data-size="s"
            data-icon
            aria-pressed={asTable()}
            title={asTable() ? "View as chart" : "View as table"}
            aria-label="View as table"
            onClick={() => setAsTable(!asTable())}
          >
            <Icon name={asTable() ? "chart" : "table"} size={18} />
          </button>
        </div>
      </div>
      <Show when={!asTable()} fallback={<TimeTable {...props} buckets={buckets()} />}>
        <TimeChart
          buckets={buckets()}
          metric={metric().label}
          whole={metric().unit === "count"}
          format={(value) => precise(value, metric().unit, locale())}
          tick={(value) =>
            figures(value, metric().unit, locale())
              .map((part) => part.value + part.unit)
              .join(" ")
          }
          change={(ratio) => change(ratio, locale())}
          onSelect={select}
          poles={poles()}
          offers={props.notes && offers(props.notes)}
        />
      </Show>
      <p class={`small soft ${styles.whenFoot}`}>
        Times in {props.timezone.replaceAll("_", " ")}
        <span class={styles.whenHint}> · drag across the chart to zoom</span>
      </p>
    </section>
  );
}

function Grains(props: { granularity: Granularity; onGrain: (grain: Granularity) => void }): JSX.Element {
  const names = Object.keys(GRAINS) as Granularity[];
  return (
    <fieldset class="segments">
      <legend class="visually-hidden">Interval</legend>
      <For each={names}>
        {(name) => (
          <button type="button" aria-pressed={props.granularity === name} onClick={() => props.onGrain(name)}>
            {GRAINS[name]}
          </button>
        )}
      </For>
    </fieldset>
  );
}

function TimeTable(props: TimePanelProps & { buckets: Bucket[] }): JSX.Element {
  const metric = () => metricOf(props.state.metric);
  const write = (value: number | null) => (value === null ? "–" : precise(value, metric().unit, locale()));
  return (
    <div class="table-wrap">
      <table class="numbers">
        <thead>
          <tr>
            <th scope="col">Time</th>
            <th scope="col">{metric().label}</th>
            <Show when={props.state.compare !== "none"}>
              <th scope="col">{COMPARISONS[props.state.compare]}</th>
              <th scope="col">Change</th>
            </Show>
          </tr>
        </thead>
        <tbody>
          <For each={props.buckets}>
            {(bucket) => (
              <tr>
                <th scope="row">
                  {bucket.long}
                  <Show when={bucket.partial}>
                    <span class="soft"> · so far</span>
                  </Show>
                </th>
                <td>{write(bucket.value)}</td>
                <Show when={props.state.compare !== "none"}>
                  <td>{write(bucket.previous)}</td>
                  <td>
                    <Change ratio={changeOf(bucket)} better={metric().better} />
                  </td>
                </Show>
              </tr>
            )}
          </For>
        </tbody>
      </table>
    </div>
  );
}
