/**
 * Filters: what is kept, as chips that can be taken away, and a way to add one by typing.
 * @module
 */
import { createAsync } from "@solidjs/router";
import { createSignal, For, type JSX, Show, Suspense } from "solid-js";
import type { Condition } from "../../../../schema/wire/query";
import { Button } from "../../ui/button";
import { Chip } from "../../ui/chip";
import { Field } from "../../ui/field";
import { Icon } from "../../ui/icon";
import { locale } from "../../ui/locale";
import { Popover } from "../../ui/popover";
import { dimensionLabel, FILTERABLE, valueLabel } from "./cards";
import { suggestions } from "./data";
import { conditionFor, filterText } from "./state";

const WORDS = { eq: "is", neq: "is not", contains: "contains", starts_with: "starts with" } as const;
type Word = keyof typeof WORDS;
const WORD_NAMES = Object.keys(WORDS) as Word[];

/** A condition in words: dimension, verb, value. */
export function filterWords(filter: Condition): [string, string, string] {
  const dimension = dimensionLabel(filter.dimension);
  if (filter.op === "is_set")
    return [
      dimension,
      filter.value === false ? "is" : "is not",
      valueLabel(filter.dimension, null, locale()),
    ];
  const verb = WORD_NAMES.find((name) => name === filter.op);
  return [
    dimension,
    verb ? WORDS[verb] : filter.op,
    valueLabel(filter.dimension, String(filter.value), locale()),
  ];
}

/** The conditions in force. */
export function FilterChips(props: {
  filters: Condition[];
  onRemove: (filter: Condition) => void;
  onClear: () => void;
}): JSX.Element {
  return (
    <Show when={props.filters.length > 0}>
      <ul class="chips" aria-label="Filters">
        <For each={props.filters}>
          {(filter) => {
            const [dimension, verb, value] = filterWords(filter);
            return (
              <Chip name={`${dimension} ${verb} ${value}`} onRemove={() => props.onRemove(filter)}>
                {dimension} <span class="soft">{verb}</span> <b>{value}</b>
              </Chip>
            );
          }}
        </For>
        <Show when={props.filters.length > 1}>
          <li>
            <Button kind="quiet" size="s" onClick={() => props.onClear()}>
              Clear all
            </Button>
          </li>
        </Show>
      </ul>
    </Show>
  );
}

/** A button that opens the form for one more condition. */
export function AddFilter(props: {
  project: string;
  open: boolean;
  onOpenChange: (open: boolean) => void;
  onAdd: (filter: Condition) => void;
}): JSX.Element {
  return (
    <Popover
      label="Add a filter"
      open={props.open}
      onOpenChange={props.onOpenChange}
      trigger={
        <>
          <Icon name="filter" size={18} />
          <span class="wide-only">Filter</span>
        </>
      }
    >
      <FilterForm
        project={props.project}
        onAdd={(filter) => {
          props.onAdd(filter);
          props.onOpenChange(false);
        }}
      />
    </Popover>
  );
}

function FilterForm(props: { project: string; onAdd: (filter: Condition) => void }): JSX.Element {
  const [dimension, setDimension] = createSignal(FILTERABLE[0] ?? "event:path");
  const [verb, setVerb] = createSignal<Word>("eq");
  const [value, setValue] = createSignal("");
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    if (!value().trim()) return;
    const plain = conditionFor(dimension(), value().trim());
    props.onAdd({ ...plain, op: verb() });
  };
  return (
    <form class="filter-form form" onSubmit={submit}>
      <Field label="What">
        {(tied) => (
          <select
            {...tied}
            class="input"
            value={dimension()}
            onChange={(event) => setDimension(event.currentTarget.value)}
          >
            <For each={FILTERABLE}>{(name) => <option value={name}>{dimensionLabel(name)}</option>}</For>
          </select>
        )}
      </Field>
      <div class="filter-line">
        <Field label="How">
          {(tied) => (
            <select
              {...tied}
              class="input"
              value={verb()}
              onChange={(event) =>
                setVerb(WORD_NAMES.find((name) => name === event.currentTarget.value) ?? "eq")
              }
            >
              <For each={WORD_NAMES}>{(name) => <option value={name}>{WORDS[name]}</option>}</For>
            </select>
          )}
        </Field>
        <Field label="Value">
          {(tied) => (
            <input
              {...tied}
              class="input"
              list="filter-values"
              autocomplete="off"
              autofocus
              value={value()}
              onInput={(event) => setValue(event.currentTarget.value)}
            />
          )}
        </Field>
      </div>
      <Suspense>
        <Values
          project={props.project}
          dimension={dimension()}
          onPick={(text) => props.onAdd(conditionFor(dimension(), text))}
          query={value()}
        />
      </Suspense>
      <div class="form-foot">
        <Button kind="main" type="submit" disabled={!value().trim()}>
          Add filter
        </Button>
      </div>
    </form>
  );
}

const SHOWN = 6;

function Values(props: {
  project: string;
  dimension: string;
  query: string;
  onPick: (value: string) => void;
}): JSX.Element {
  const values = createAsync(() => suggestions(props.project, props.dimension), { initialValue: [] });
  const fitting = () => {
    const needle = props.query.toLowerCase();
    return values()
      .filter((value) =>
        `${value} ${valueLabel(props.dimension, value, locale())}`.toLowerCase().includes(needle),
      )
      .slice(0, SHOWN);
  };
  return (
    <ul class="suggestions">
      <For each={fitting()}>
        {(value) => (
          <li>
            <button type="button" class="menu-item" onClick={() => props.onPick(value)}>
              {valueLabel(props.dimension, value, locale())}
            </button>
          </li>
        )}
      </For>
    </ul>
  );
}

/** Takes one condition out of a list. */
export function without(filters: Condition[], gone: Condition): Condition[] {
  return filters.filter((filter) => filterText(filter) !== filterText(gone));
}
