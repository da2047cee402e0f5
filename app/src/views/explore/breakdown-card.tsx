/**
 * The values of one dimension as bars behind their labels. A click filters; "only" and "not" are beside each row.
 * @module
 */
import { For, type JSX, Show } from "solid-js";
import type { Condition } from "../../../../schema/wire/filter";
import { conditionFor } from "../../query-state";
import { compact, exact, percent } from "../../ui/format";
import { locale } from "../../ui/locale";
import { Change } from "../../ui/metric-value";
import { Tabs } from "../../ui/tabs";
import { CARDS, type Card, type CardName, dimensionLabel, OTHER, type Tab, tabOf, valueLabel } from "./cards";
import styles from "./explore.module.css";
import { metricOf } from "./metrics";
import type { Breakdown, Row } from "./shape";

interface CardProps {
  name: CardName;
  tab: string | undefined;
  breakdown: Breakdown;
  comparing: boolean;
  onTab: (tab: string) => void;
  onFilter: (condition: Condition, only: boolean) => void;
}

/** A card with its tabs. */
export function BreakdownCard(props: CardProps): JSX.Element {
  const card = (): Card => CARDS[props.name];
  const tab = () => tabOf(props.name, props.tab);
  return (
    <section class={`panel ${styles.breakdown}`} aria-label={card().label}>
      <Tabs
        label={card().label}
        tabs={card().tabs}
        chosen={tab().name}
        onChoose={(name) => name !== tab().name && props.onTab(name)}
        aside={<span class={`small soft ${styles.breakdownUnit}`}>{metricOf(tab().metric).label}</span>}
      >
        <Show when={props.breakdown.rows.length > 0} fallback={<Nothing tab={tab()} />}>
          <Rows {...props} />
        </Show>
      </Tabs>
    </section>
  );
}

function Nothing(props: { tab: Tab }): JSX.Element {
  return (
    <p class="soft nothing">
      {props.tab.name.startsWith("utm_")
        ? `Visits with ${props.tab.name} appear here.`
        : `No ${metricOf(props.tab.metric).label.toLowerCase()} in this range.`}
    </p>
  );
}

function Rows(props: CardProps): JSX.Element {
  const tab = () => tabOf(props.name, props.tab);
  const most = () => Math.max(...props.breakdown.rows.map((row) => (row.value === OTHER ? 1 : row.count)), 1);
  return (
    <ol class="rows">
      <For each={props.breakdown.rows}>
        {(row) => (
          <BarRow
            row={row}
            width={Math.min(row.count / most(), 1)}
            tab={tab()}
            comparing={props.comparing}
            onFilter={props.onFilter}
          />
        )}
      </For>
    </ol>
  );
}

function BarRow(props: {
  row: Row;
  width: number;
  tab: Tab;
  comparing: boolean;
  onFilter: (condition: Condition, only: boolean) => void;
}): JSX.Element {
  const label = () => valueLabel(props.tab.dimension, props.row.value, locale());
  const folded = () => props.row.value === OTHER;
  const filter = (not: boolean, only: boolean) =>
    props.onFilter(conditionFor(props.tab.dimension, props.row.value, not), only);
  const count = () =>
    compact(props.row.count, locale())
      .map((part) => part.value + part.unit)
      .join("");
  return (
    <li class="row">
      <i class="bar" style={{ width: `${Math.max(props.width * 100, 0.6)}%` }} />
      <button
        type="button"
        class="row-name"
        title={label()}
        disabled={folded()}
        aria-label={`${label()}: filter by this ${dimensionLabel(props.tab.dimension).toLowerCase()}`}
        onClick={() => filter(false, false)}
      >
        <span classList={{ soft: props.row.value === null || folded() }}>{label()}</span>
      </button>
      <Show when={!folded()}>
        <span class={styles.rowWays}>
          <button type="button" aria-label={`Only ${label()}`} onClick={() => filter(false, true)}>
            only
          </button>
          <button type="button" aria-label={`Not ${label()}`} onClick={() => filter(true, false)}>
            not
          </button>
        </span>
      </Show>
      <Show when={props.comparing}>
        <span class="row-change">
          <Change ratio={props.row.change} better="up" />
        </span>
      </Show>
      <span class="row-share soft">
        {percent(props.row.share, locale(), props.row.share < 0.0995 ? 1 : 0)}
      </span>
      <b class="row-count" title={exact(props.row.count, locale())}>
        {count()}
      </b>
    </li>
  );
}
