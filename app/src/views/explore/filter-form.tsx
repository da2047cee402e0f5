/**
 * The form for a new filter: dimension, operator, value, with frequent values as suggestions.
 * @module
 */
import { createAsync } from "@solidjs/router";
import { createSignal, For, type JSX, Suspense } from "solid-js";
import type { Condition } from "../../../../schema/wire/filter";
import { conditionFor, VERB_NAMES, VERBS, type Verb } from "../../query-state";
import { Button } from "../../ui/button";
import { Field } from "../../ui/field";
import { locale } from "../../ui/locale";
import { dimensionLabel, FILTERABLE, valueLabel } from "./cards";
import { suggestions } from "./data";
import styles from "./explore.module.css";

/** Calls `onAdd` with a complete condition. `more` are dimensions in addition to the default ones. */
export function FilterForm(props: {
  project: string;
  more?: readonly { name: string; label: string }[];
  onAdd: (filter: Condition) => void;
}): JSX.Element {
  const [dimension, setDimension] = createSignal(FILTERABLE[0] ?? "event:path");
  const [verb, setVerb] = createSignal<Verb>("eq");
  const [value, setValue] = createSignal("");
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    if (!value().trim()) return;
    const plain = conditionFor(dimension(), value().trim());
    props.onAdd({ ...plain, op: verb() });
  };
  return (
    <form class="filter-form form" onSubmit={submit}>
      <Field label="Dimension">
        {(control) => (
          <select
            {...control}
            class="input"
            value={dimension()}
            onChange={(event) => setDimension(event.currentTarget.value)}
          >
            <For each={FILTERABLE}>{(name) => <option value={name}>{dimensionLabel(name)}</option>}</For>
            <For each={props.more}>{({ name, label }) => <option value={name}>{label}</option>}</For>
          </select>
        )}
      </Field>
      <div class={styles.filterLine}>
        <Field label="Condition">
          {(control) => (
            <select
              {...control}
              class="input"
              value={verb()}
              onChange={(event) =>
                setVerb(VERB_NAMES.find((name) => name === event.currentTarget.value) ?? "eq")
              }
            >
              <For each={VERB_NAMES}>{(name) => <option value={name}>{VERBS[name]}</option>}</For>
            </select>
          )}
        </Field>
        <Field label="Value">
          {(control) => (
            <input
              {...control}
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
    <ul class={styles.suggestions}>
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
