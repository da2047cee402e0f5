/**
 * How a metric reads: its names, unit, format, which way is good news, and who sees it.
 * @module
 */
import { For, type JSX, Show } from "solid-js";
import { Field, TextField, Tick } from "../../ui/field";
import { Area } from "../../ui/textarea";
import { type Draft, keepsUnit, type MetricFormat, nameOf } from "./draft";
import styles from "./looks-form.module.css";
import { UnitField } from "./unit-field";

const FORMATS = {
  integer: "Whole number",
  decimal: "Number with decimals",
  percent: "Per cent",
  duration: "Duration",
  currency: "Money",
} as const satisfies Record<MetricFormat, string>;
const FORMAT_NAMES = Object.keys(FORMATS) as MetricFormat[];

const GOOD = [
  ["up", "More is better"],
  ["down", "Less is better"],
  [null, "Neither"],
] as const;

/** `wrong` says what is wrong with a field, by its name in the definition. */
export function LooksForm(props: {
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
        hint="How formulas, queries and files call it. Small letters, digits and _."
        error={props.wrong("name")}
        onInput={(event) => props.onChange({ name: event.currentTarget.value, isNamed: true })}
      />
      <Field
        label="What it is for"
        hint="For the people who meet it on a dashboard."
        error={props.wrong("description")}
      >
        {(tied) => (
          <Area
            {...tied}
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
        <Field label="Written as" error={props.wrong("format")}>
          {(tied) => (
            <select
              {...tied}
              class="input"
              value={props.draft.format ?? ""}
              onChange={(event) =>
                props.onChange({
                  format: FORMAT_NAMES.find((name) => name === event.currentTarget.value) ?? null,
                })
              }
            >
              <option value="">What suits its unit</option>
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
        <legend>Good news is</legend>
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
        label="Only I see it"
        hint="Otherwise everyone of the organisation can use it. A shared dashboard needs shared metrics."
        checked={props.draft.sharing === "private"}
        onChange={(event) =>
          props.onChange({ sharing: event.currentTarget.checked ? "private" : "organization" })
        }
      />
    </>
  );
}
