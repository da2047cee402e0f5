/**
 * The query of a widget: dataset, metrics, breakdowns and filters.
 * @module
 */
import { For, type JSX, Show } from "solid-js";
import type { WidgetQuery } from "../../../../../schema/wire/dashboard";
import type { Condition } from "../../../../../schema/wire/filter";
import type { Metric } from "../../../../../schema/wire/metric";
import type { Granularity } from "../../../../../schema/wire/query";
import type { Catalog } from "../../../../../worker/questions/metrics";
import { conditionsOf, GRAINS, RANGES } from "../../../query-state";
import { Button } from "../../../ui/button";
import { Field, TextField } from "../../../ui/field";
import { Icon } from "../../../ui/icon";
import { FilterForm } from "../../explore/filter-form";
import { FilterChips, without } from "../../explore/filters";
import type { QueryKind } from "../kinds/kind";
import { DEFINED, type Naming } from "../naming";
import { orderOf } from "./convert";
import styles from "./editor.module.css";

export interface QueryFormProps {
  project: string;
  kind: QueryKind;
  query: WidgetQuery;
  naming: Naming;
  catalog: Catalog | undefined;
  defined: Metric[];
  onQuery: (query: WidgetQuery) => void;
}

const isDefined = (name: string) => name.startsWith(DEFINED);

/** The form fields of a query. */
export function QueryForm(props: QueryFormProps): JSX.Element {
  const dataset = () =>
    props.catalog?.datasets.find(({ name }) => name === (props.query.dataset ?? "sessions"));
  const set = (part: Partial<WidgetQuery>) => {
    const next = { ...props.query, ...part };
    const order = orderOf(next.dimensions, next.metrics);
    // A query of defined metrics only has no dataset, unless it has a breakdown.
    props.onQuery({ ...next, order_by: order, limit: order ? (next.limit ?? 10) : undefined });
  };
  return (
    <>
      <Field label="Dataset" hint={dataset()?.description}>
        {(control) => (
          <select
            {...control}
            class="input"
            value={props.query.dataset ?? "sessions"}
            onChange={(event) => set(ofDataset(props, event.currentTarget.value))}
          >
            <For each={props.catalog?.datasets ?? []}>
              {({ name, label }) => (
                <option value={name} selected={name === (props.query.dataset ?? "sessions")}>
                  {label}
                </option>
              )}
            </For>
          </select>
        )}
      </Field>
      <Metrics {...props} most={props.kind.metrics} onChange={(metrics) => set({ metrics })} />
      <Show when={props.kind.dimensions[1] > 0 && !props.kind.fixedBreakdown}>
        <Dimensions {...props} range={props.kind.dimensions} onChange={(dimensions) => set({ dimensions })} />
      </Show>
      <Filters {...props} onChange={(filters) => set({ filters })} />
      <Details {...props} onChange={set} />
    </>
  );
}

/** Moves the query to another dataset, keeping the names it has. */
function ofDataset({ catalog, query }: QueryFormProps, name: string): Partial<WidgetQuery> {
  const other = catalog?.datasets.find((dataset) => dataset.name === name);
  const known = new Set(other?.metrics.map((metric) => metric.name));
  const metrics = query.metrics.filter((metric) => isDefined(metric) || known.has(metric));
  const dimensions = new Set(other?.dimensions.filter(({ breakdown }) => breakdown).map((each) => each.name));
  return {
    dataset: name,
    metrics: metrics.length ? metrics : [other?.metrics[0]?.name ?? name],
    dimensions: query.dimensions.filter((each) => dimensions.has(each) || each.startsWith("property:")),
  };
}

/** Metrics of the dataset and defined metrics, with descriptions. */
function Metrics(
  props: QueryFormProps & { most: number; onChange: (metrics: string[]) => void },
): JSX.Element {
  const own = () =>
    props.catalog?.datasets.find(({ name }) => name === (props.query.dataset ?? "sessions"))?.metrics ?? [];
  const put = (index: number, name: string) => {
    const next = [...props.query.metrics];
    if (name) next[index] = name;
    else next.splice(index, 1);
    props.onChange([...new Set(next)]);
  };
  return (
    <fieldset class={styles.group}>
      <legend>{props.most === 1 ? "Metric" : "Metrics"}</legend>
      <For each={props.query.metrics}>
        {(name, index) => (
          <div class={styles.line}>
            <select
              class="input"
              aria-label={`Metric ${index() + 1}`}
              onChange={(event) => put(index(), event.currentTarget.value)}
            >
              <Options own={own()} defined={props.defined} chosen={name} />
            </select>
            <Show when={props.query.metrics.length > 1}>
              <Button
                kind="quiet"
                data-icon
                aria-label={`Remove ${props.naming.measure(name).label}`}
                onClick={() => put(index(), "")}
              >
                <Icon name="close" size={16} />
              </Button>
            </Show>
            <p class="hint">
              {own().find((metric) => metric.name === name)?.description ??
                props.naming.measure(name).description}
            </p>
          </div>
        )}
      </For>
      <Show when={props.query.metrics.length < props.most}>
        <select
          class="input"
          aria-label="Add metric"
          onChange={(event) => {
            put(props.query.metrics.length, event.currentTarget.value);
            event.currentTarget.value = "";
          }}
        >
          <option value="">Add metric …</option>
          <Options own={own()} defined={props.defined} chosen="" />
        </select>
      </Show>
    </fieldset>
  );
}

function Options(props: {
  own: Catalog["datasets"][number]["metrics"];
  defined: Metric[];
  chosen: string;
}): JSX.Element {
  return (
    <>
      <For each={props.own}>
        {({ name, label }) => (
          <option value={name} selected={name === props.chosen}>
            {label}
          </option>
        )}
      </For>
      <Show when={props.defined.length > 0}>
        <optgroup label="Defined metrics">
          <For each={props.defined}>
            {({ name, label, verified }) => (
              <option value={DEFINED + name} selected={DEFINED + name === props.chosen}>
                {label}
                {verified ? " ✓" : ""}
              </option>
            )}
          </For>
        </optgroup>
      </Show>
    </>
  );
}

const PROPERTY = "property:";

function Dimensions(
  props: QueryFormProps & { range: readonly [number, number]; onChange: (dimensions: string[]) => void },
): JSX.Element {
  const dataset = () =>
    props.catalog?.datasets.find(({ name }) => name === (props.query.dataset ?? "sessions"));
  const shown = () => {
    const { dimensions } = props.query;
    return dimensions.length < props.range[1] ? [...dimensions, ""] : dimensions;
  };
  const put = (index: number, name: string) => {
    const next = [...props.query.dimensions];
    if (name) next[index] = name;
    else next.splice(index, 1);
    props.onChange([...new Set(next)]);
  };
  const options = () =>
    (dataset()?.dimensions ?? []).filter(
      ({ breakdown, type }) => breakdown && (type !== "time" || props.kind.hasTimeBreakdown),
    );
  return (
    <fieldset class={styles.group}>
      <legend>Breakdown</legend>
      <For each={shown()}>
        {(name, index) => (
          <div class={styles.line}>
            <select
              class="input"
              aria-label={`Breakdown ${index() + 1}`}
              onChange={(event) => put(index(), event.currentTarget.value)}
            >
              <Show when={index() >= props.range[0] || !name}>
                <option value="">{index() === 0 ? "None" : "Add breakdown …"}</option>
              </Show>
              <For each={options()}>
                {(option) => (
                  <option value={option.name} selected={option.name === name}>
                    {props.naming.dimension(option.name)}
                  </option>
                )}
              </For>
              <Show when={dataset()?.properties}>
                <option
                  value={name.startsWith(PROPERTY) ? name : PROPERTY}
                  selected={name.startsWith(PROPERTY)}
                >
                  A property of the event …
                </option>
              </Show>
            </select>
            <Show when={name.startsWith(PROPERTY)}>
              <input
                class="input"
                aria-label="Property name"
                placeholder="plan"
                value={name.slice(PROPERTY.length)}
                onChange={(event) => put(index(), PROPERTY + event.currentTarget.value.trim())}
              />
            </Show>
          </div>
        )}
      </For>
    </fieldset>
  );
}

function Filters(
  props: QueryFormProps & { onChange: (filters: WidgetQuery["filters"]) => void },
): JSX.Element {
  const conditions = () => conditionsOf(props.query.filters);
  const set = (list: Condition[]) => props.onChange(list.length ? { and: list } : undefined);
  return (
    <fieldset class={styles.group}>
      <legend>Filter</legend>
      <Show
        when={conditions()}
        fallback={<p class="hint">This widget has nested filters from a file. They are not changed here.</p>}
      >
        {(list) => (
          <>
            <FilterChips
              filters={list()}
              onRemove={(gone) => set(without(list(), gone))}
              onClear={() => set([])}
            />
            <details class={styles.filter}>
              <summary>Add filter</summary>
              <FilterForm project={props.project} onAdd={(condition) => set([...list(), condition])} />
            </details>
          </>
        )}
      </Show>
    </fieldset>
  );
}

const GRAIN_NAMES = Object.keys(GRAINS) as Granularity[];
const RANGE_NAMES = Object.keys(RANGES) as (keyof typeof RANGES)[];

/** Interval, limit and range. */
function Details(props: QueryFormProps & { onChange: (part: Partial<WidgetQuery>) => void }): JSX.Element {
  const isSplit = () => props.query.dimensions.length > 0;
  const hasInterval = () =>
    props.kind.interval === "always" || (props.kind.interval === "without-breakdown" && !isSplit());
  return (
    <div class={styles.pair}>
      <Show when={hasInterval()}>
        <Field label="Interval">
          {(control) => (
            <select
              {...control}
              class="input"
              onChange={(event) => {
                const grain = GRAIN_NAMES.find((name) => name === event.currentTarget.value);
                props.onChange({ granularity: grain });
              }}
            >
              <option value="">{props.kind.hasTimeBreakdown ? "None" : "Automatic"}</option>
              <For each={GRAIN_NAMES}>
                {(name) => (
                  <option value={name} selected={props.query.granularity === name}>
                    {GRAINS[name].slice(0, -1)}
                  </option>
                )}
              </For>
            </select>
          )}
        </Field>
      </Show>
      <Show when={props.kind.hasLimit && isSplit()}>
        <TextField
          label="Limit"
          type="number"
          min="1"
          max="1000"
          value={props.query.limit ?? 10}
          onChange={(event) => {
            const limit = Math.round(event.currentTarget.valueAsNumber);
            if (limit >= 1) props.onChange({ limit: Math.min(1000, limit) });
          }}
        />
      </Show>
      <Field label="Range">
        {(control) => (
          <select
            {...control}
            class="input"
            onChange={(event) => {
              const range = RANGE_NAMES.find((name) => name === event.currentTarget.value);
              props.onChange({ range });
            }}
          >
            <option value="">Dashboard default</option>
            <For each={RANGE_NAMES}>
              {(name) => (
                <option value={name} selected={props.query.range === name}>
                  {RANGES[name]}
                </option>
              )}
            </For>
          </select>
        )}
      </Field>
    </div>
  );
}
