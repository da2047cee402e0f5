/**
 * A combobox of fields with sample values.
 * @module
 */
import { createSignal, type JSX, Show } from "solid-js";
import { createCombobox } from "../../ui/combobox";
import { Field } from "../../ui/field";
import styles from "./field-input.module.css";
import type { FieldEntry } from "./fields";
import { fittingFields } from "./fields";

/** `value` is the field's name; names that are not in `fields` are accepted. */
export function FieldInput(props: {
  label: string;
  hint?: JSX.Element;
  error?: string;
  fields: readonly FieldEntry[];
  value: string;
  onChange: (name: string) => void;
}): JSX.Element {
  const known = () => props.fields.find(({ name }) => name === props.value);
  const [text, setText] = createSignal<string>();
  const shown = () => text() ?? known()?.label ?? props.value;
  const combobox = createCombobox({
    label: props.label,
    items: () => fittingFields(props.fields, text() ?? ""),
    select(field) {
      setText(undefined);
      props.onChange(field.name);
    },
    row: (field) => (
      <span class={styles.row}>
        <b>{field.label}</b>
        <span class="small soft">
          {field.samples.length > 0 ? field.samples.slice(0, 3).join(", ") : field.about}
        </span>
      </span>
    ),
  });
  const settle = () => {
    combobox.close();
    const typed = text()?.trim();
    setText(undefined);
    if (typed === undefined || typed === known()?.label) return;
    const meant = props.fields.find(
      ({ name, label }) => name === typed || label.toLowerCase() === typed.toLowerCase(),
    );
    props.onChange(meant?.name ?? typed);
  };
  return (
    <Field
      label={props.label}
      error={props.error}
      hint={
        <Show when={known()} fallback={props.hint}>
          {(field) => (
            <>
              <code>{field().name}</code>
              {field().samples.length > 0 ? ` · for example ${field().samples.slice(0, 3).join(", ")}` : ""}
            </>
          )}
        </Show>
      }
    >
      {(control) => (
        <div class={styles.combobox}>
          <input
            {...control}
            {...combobox.attributes}
            class="input"
            value={shown()}
            placeholder="Search fields"
            spellcheck={false}
            onFocus={(event) => {
              event.currentTarget.select();
              setText("");
              combobox.open();
              setText(undefined);
            }}
            onInput={(event) => {
              setText(event.currentTarget.value);
              combobox.open();
            }}
            onKeyDown={(event) => {
              if (!combobox.press(event) && event.key === "Enter") event.preventDefault();
            }}
            onBlur={settle}
          />
          {combobox.list}
        </div>
      )}
    </Field>
  );
}
