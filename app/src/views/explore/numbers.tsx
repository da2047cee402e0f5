/**
 * The counted parts of the overview: metrics, chart and breakdowns.
 * @module
 */
import { For, type JSX } from "solid-js";
import type { Condition } from "../../../../schema/wire/filter";
import type { Notes } from "../discussion/notes";
import { BreakdownCard } from "./breakdown-card";
import { CARD_NAMES } from "./cards";
import styles from "./explore.module.css";
import { MetricStrip } from "./metric-strip";
import type { Dashboard } from "./shape";
import type { ExploreState } from "./state";
import { TimePanel } from "./time-panel";

/** The metrics with their chart, and the cards below. */
export function Numbers(props: {
  data: Dashboard;
  timezone: string;
  state: ExploreState;
  onChange: (next: Partial<ExploreState>) => void;
  onFilter: (condition: Condition, only: boolean) => void;
  notes?: Notes;
}): JSX.Element {
  const iso = (time: number) => new Date(time).toISOString();
  return (
    <>
      <div class={`panel ${styles.metricsPanel}`}>
        <MetricStrip
          data={props.data}
          chosen={props.state.metric}
          comparing={props.state.compare !== "none"}
          onChoose={(metric) => props.onChange({ metric })}
        />
        <TimePanel
          data={props.data}
          timezone={props.timezone}
          state={props.state}
          notes={props.notes}
          onGrain={(grain) => props.onChange({ grain })}
          onRange={(from, to) => props.onChange({ range: { from: iso(from), to: iso(to) }, grain: null })}
        />
      </div>
      <div class={styles.breakdowns}>
        <For each={CARD_NAMES}>
          {(name) => (
            <BreakdownCard
              name={name}
              tab={props.state.tabs[name]}
              breakdown={props.data.cards[name]}
              comparing={props.state.compare !== "none"}
              onTab={(tab) => props.onChange({ tabs: { ...props.state.tabs, [name]: tab } })}
              onFilter={props.onFilter}
            />
          )}
        </For>
      </div>
    </>
  );
}
