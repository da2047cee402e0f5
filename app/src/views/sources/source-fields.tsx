/**
 * Form fields for the settings and keys of a driver. Secrets are sent and never returned.
 * @module
 */
import { For, type JSX, Match, Switch } from "solid-js";
import type { Source, SourceField } from "../../../../schema/wire/source";
import { Field, PasswordField, TextField } from "../../ui/field";

type Settings = Source["settings"];

/** `group` is the part of the request body; `values` are the current settings. */
export function SourceFields(props: {
  group: "settings" | "keys";
  fields: readonly SourceField[];
  values?: Settings;
  wrong: (path: string) => string | undefined;
  /** Whether empty fields keep their current value. */
  optional?: boolean;
}): JSX.Element {
  return <For each={props.fields}>{(field) => <OneField field={field} {...props} />}</For>;
}

function OneField(props: {
  group: "settings" | "keys";
  field: SourceField;
  values?: Settings;
  wrong: (path: string) => string | undefined;
  optional?: boolean;
}): JSX.Element {
  const name = () => `${props.group}.${props.field.name}`;
  const value = () => {
    const found = props.values?.[props.field.name];
    return typeof found === "string" || typeof found === "number" ? String(found) : "";
  };
  const isRequired = () => props.field.required && !props.optional;
  const label = () => (isRequired() ? props.field.label : `${props.field.label} (optional)`);
  return (
    <Switch
      fallback={
        <TextField
          label={label()}
          name={name()}
          type={props.field.kind === "number" ? "number" : props.field.kind === "url" ? "url" : "text"}
          required={isRequired()}
          placeholder={props.field.placeholder}
          value={value()}
          hint={props.field.help}
          error={props.wrong(name())}
          autocomplete="off"
        />
      }
    >
      <Match when={props.field.kind === "secret"}>
        <PasswordField
          label={label()}
          name={name()}
          required={isRequired()}
          placeholder={props.field.placeholder}
          hint={props.field.help}
          error={props.wrong(name())}
          autocomplete="off"
          spellcheck={false}
        />
      </Match>
      <Match when={props.field.kind === "choice"}>
        <Field label={label()} hint={props.field.help} error={props.wrong(name())}>
          {(control) => (
            <select {...control} class="input" name={name()} required={isRequired()}>
              <For each={props.field.choices}>
                {(choice) => (
                  <option value={choice.value} selected={choice.value === value()}>
                    {choice.label}
                  </option>
                )}
              </For>
            </select>
          )}
        </Field>
      </Match>
    </Switch>
  );
}

/** Reads the settings of a form; numbers are parsed, empty fields omitted. */
export function settingsOf(form: FormData, fields: readonly SourceField[]): Record<string, string | number> {
  const found: Record<string, string | number> = {};
  for (const { name, kind } of fields) {
    const value = form.get(`settings.${name}`);
    if (typeof value !== "string" || value.trim() === "") continue;
    found[name] = kind === "number" ? Number(value) : value.trim();
  }
  return found;
}

/** Reads the keys of a form; empty fields are omitted. */
export function keysOf(form: FormData, fields: readonly SourceField[]): Record<string, string> {
  const found: Record<string, string> = {};
  for (const { name } of fields) {
    const value = form.get(`keys.${name}`);
    if (typeof value === "string" && value.trim() !== "") found[name] = value.trim();
  }
  return found;
}
