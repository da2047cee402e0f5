/**
 * When: the chosen metric over time, as a chart or as a table.
 * @module
 */
import { createSignal, For, type JSX, Show } from "solid-js";
import type { Granularity } from "../../../../schema/wire/query";
import { type Bucket, TimeChart } from "../../charts/time-chart";
import { Change } from "../../ui/figure";
import { change, figures, moment, precise } from "../../ui/format";
import { Icon } from "../../ui/icon";
import { locale } from "../../ui/locale";
import { metricOf } from "./metrics";
import { changeOf, type Dashboard } from "./shape";
import { COMPARISONS, type ExploreState, GRAINS } from "./state";

const SHORT: Record<Granularity, Intl.DateTimeFormatOptions> = {
  hour: { hour: "numeric", minute: "2-digit" },
  day: { day: "numeric", month: "short" },
  week: { day: "numeric", month: "short" },
  month: { month: "short", year: "2-digit" },
};
const LONG: Record<Granularity, Intl.DateTimeFormatOptions> = {
  hour: { weekday: "short", day: "numeric", month: "short", hour: "numeric", minute: "2-digit" },
  day: { weekday: "long", day: "numeric", month: "long", year: "numeric" },
  week: { day: "numeric", month: "long", year: "numeric" },
  month: { month: "long", year: "numeric" },
};

interface TimePanelProps {
  timezone: string;
  data: Dashboard;
  state: ExploreState;
  onGrain: (grain: Granularity | null) => void;
  /** Epoch ms, half-open. */
  onRange: (from: number, to: number) => void;
}

/** A bucket's start in words; an hour axis over several days names the day at midnight. */
function short(data: Dashboard, time: number, timezone: string): string {
  const spansDays = data.points.length > 25;
  const options =
    data.granularity === "hour" && spansDays
      ? { weekday: "short" as const, ...SHORT.hour }
      : SHORT[data.granularity];
  return moment(time, locale(), timezone, options);
}

/** The panel under the strip. */
export function TimePanel(props: TimePanelProps): JSX.Element {
  const [asTable, setAsTable] = createSignal(false);
  const metric = () => metricOf(props.state.metric);
  const comparing = () => props.state.compare !== "none";
  const buckets = (): Bucket[] =>
    props.data.points.map((point) => ({
      short: short(props.data, point.key, props.timezone),
      long:
        (props.data.granularity === "week" ? "Week of " : "") +
        moment(point.key, locale(), props.timezone, LONG[props.data.granularity]),
      before: comparing() ? COMPARISONS[props.state.compare] : undefined,
      value: point.values[props.state.metric]?.value ?? null,
      previous: comparing() ? (point.values[props.state.metric]?.previous ?? null) : null,
      partial: point.partial,
    }));
  const select = (first: number, last: number) => {
    const from = props.data.points[first]?.key;
    const end = props.data.points[last + 1]?.key ?? Date.now();
    if (from !== undefined) props.onRange(from, end);
  };
  return (
    <section class="when" aria-label={`${metric().label} over time`}>
      <div class="when-head">
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
        <div class="when-tools">
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
        />
      </Show>
      <p class="small soft when-foot">
        Times in {props.timezone.replaceAll("_", " ")}
        <span class="when-hint"> · drag across the chart to look closer</span>
      </p>
    </section>
  );
}

function Grains(props: { granularity: Granularity; onGrain: (grain: Granularity) => void }): JSX.Element {
  const names = Object.keys(GRAINS) as Granularity[];
  return (
    <fieldset class="segments">
      <legend class="visually-hidden">Width of a bucket</legend>
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
