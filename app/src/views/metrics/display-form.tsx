/**
 * Display settings of a metric: names, unit, format, direction and visibility.
 * @module
 */
import { For, type JSX, Show } from "solid-js";
import { Field, TextField, Tick } from "../../ui/field";
import { Area } from "../../ui/textarea";
import styles from "./display-form.module.css";
import { type Draft, keepsUnit, type MetricFormat, nameOf } from "./draft";
import { UnitField } from "./unit-field";

const FORMATS = {
  integer: "Integer",
  decimal: "Decimal",
  percent: "Percent",
  duration: "Duration",
  currency: "Money",
} as const satisfies Record<MetricFormat, string>;
const FORMAT_NAMES = Object.keys(FORMATS) as MetricFormat[];

const GOOD = [
  ["up", "Better"],
  ["down", "Worse"],
  [null, "Neutral"],
] as const;

/** `wrong` returns the error of a field by its name in the definition. */
export function DisplayForm(props: {
  draft: Draft;
  wrong: (field: string) => string | undefined;
  onChange: (change: Partial<Draft>) => void;
}): JSX.Element {
  const relabel = (label: string) =>
    props.onChange(props.draft.isNamed ? { label } : { label, name: nameOf(label) });
  return (
    <>
      <TextField
        label="Name"
        value={props.draft.label}
        maxlength={120}
        required
        placeholder="Sign-up rate"
        error={props.wrong("label")}
        onInput={(event) => relabel(event.currentTarget.value)}
      />
      <TextField
        label="Name in formulas"
        class="input"
        value={props.draft.name}
        maxlength={63}
        spellcheck={false}
        autocapitalize="off"
        placeholder="signup_rate"
        hint="Used in formulas, queries and files. Lowercase letters, digits and _."
        error={props.wrong("name")}
        onInput={(event) => props.onChange({ name: event.currentTarget.value, isNamed: true })}
      />
      <Field label="Description" hint="Shown where the metric is used." error={props.wrong("description")}>
        {(control) => (
          <Area
            {...control}
            class={`input ${styles.plain}`}
            rows={2}
            maxlength={1000}
            value={props.draft.description}
            onInput={(event) => props.onChange({ description: event.currentTarget.value })}
          />
        )}
      </Field>
      <div class={styles.line}>
        <Show when={props.draft.kind === "aggregate" && keepsUnit(props.draft.aggregation)}>
          <UnitField {...props} />
        </Show>
        <Field label="Format" error={props.wrong("format")}>
          {(control) => (
            <select
              {...control}
              class="input"
              value={props.draft.format ?? ""}
              onChange={(event) =>
                props.onChange({
                  format: FORMAT_NAMES.find((name) => name === event.currentTarget.value) ?? null,
                })
              }
            >
              <option value="">Automatic</option>
              <For each={FORMAT_NAMES}>
                {(name) => (
                  <option value={name} selected={props.draft.format === name}>
                    {FORMATS[name]}
                  </option>
                )}
              </For>
            </select>
          )}
        </Field>
      </div>
      <fieldset class={styles.direction}>
        <legend>Higher is</legend>
        <div class="segments">
          <For each={GOOD}>
            {([good, label]) => (
              <button
                type="button"
                aria-pressed={props.draft.good === good}
                onClick={() => props.onChange({ good })}
              >
                {label}
              </button>
            )}
          </For>
        </div>
      </fieldset>
      <Tick
        label="Private"
        hint="Only you can see and use it. Shared dashboards need shared metrics."
        checked={props.draft.sharing === "private"}
        onChange={(event) =>
          props.onChange({ sharing: event.currentTarget.checked ? "private" : "organization" })
        }
      />
    </>
  );
}
