/**
 * Maps the fields of records to columns: name, type, unique key and date column.
 * @module
 */
import { For, type JSX, Show } from "solid-js";
import type { FieldType, MappedField, Mapping } from "../../../../schema/wire/mapping";
import { CURRENCIES } from "../../ui/currencies";
import { TextField } from "../../ui/field";
import { Icon } from "../../ui/icon";
import styles from "./mapping-form.module.css";
import tableStyles from "./table.module.css";

const TYPES: Record<FieldType, string> = {
  text: "Text",
  number: "Number",
  boolean: "Yes or no",
  time: "Time",
  money: "Money",
};
const TYPE_NAMES = Object.keys(TYPES) as FieldType[];

/** `onChange` receives a new mapping on every change. */
export function MappingForm(props: { mapping: Mapping; onChange: (mapping: Mapping) => void }): JSX.Element {
  const change = (part: Partial<Mapping>) => props.onChange({ ...props.mapping, ...part });
  const put = (index: number, part: Partial<MappedField>) => {
    const before = props.mapping.fields[index]?.name;
    const fields = props.mapping.fields.map((field, at) => (at === index ? { ...field, ...part } : field));
    const renamed = (name: string) => (name === before && part.name !== undefined ? part.name : name);
    const { primary_key, time_field } = props.mapping;
    change({
      fields,
      primary_key: primary_key.map(renamed),
      time_field: time_field === null ? null : renamed(time_field),
    });
  };
  const remove = (name: string) =>
    change({
      fields: props.mapping.fields.filter((field) => field.name !== name),
      primary_key: props.mapping.primary_key.filter((key) => key !== name),
      time_field: props.mapping.time_field === name ? null : props.mapping.time_field,
    });
  const toggleKey = (name: string, isKey: boolean) =>
    change({
      primary_key: isKey
        ? [...props.mapping.primary_key, name]
        : props.mapping.primary_key.filter((key) => key !== name),
    });
  return (
    <>
      <TextField
        label="Table name"
        value={props.mapping.dataset}
        spellcheck={false}
        hint="Lowercase letters, digits and _."
        onChange={(event) => change({ dataset: event.currentTarget.value.trim() })}
      />
      <div class={tableStyles.scroll}>
        <table class={`${tableStyles.table} ${styles.mapping}`} data-mapping>
          <thead>
            <tr>
              <th scope="col">Field</th>
              <th scope="col">Name</th>
              <th scope="col">Type</th>
              <th scope="col">Unique key</th>
              <th scope="col">Date column</th>
              <th scope="col">
                <span class="visually-hidden">Remove</span>
              </th>
            </tr>
          </thead>
          <tbody>
            <For each={props.mapping.fields}>
              {(field, index) => (
                <tr>
                  <th scope="row">
                    <code>{field.from}</code>
                  </th>
                  <td data-label="Name">
                    <input
                      class="input"
                      aria-label={`Name of ${field.from}`}
                      value={field.name}
                      spellcheck={false}
                      onChange={(event) => put(index(), { name: event.currentTarget.value.trim() })}
                    />
                  </td>
                  <td data-label="Type">
                    <TypeField field={field} onChange={(part) => put(index(), part)} />
                  </td>
                  <td data-label="Unique key">
                    <input
                      type="checkbox"
                      aria-label={`${field.name} is part of the unique key`}
                      checked={props.mapping.primary_key.includes(field.name)}
                      onChange={(event) => toggleKey(field.name, event.currentTarget.checked)}
                    />
                  </td>
                  <td data-label="Date column">
                    <Show when={field.type === "time"} fallback="–">
                      <input
                        type="checkbox"
                        aria-label={`${field.name} is the date column`}
                        checked={props.mapping.time_field === field.name}
                        onChange={(event) =>
                          change({ time_field: event.currentTarget.checked ? field.name : null })
                        }
                      />
                    </Show>
                  </td>
                  <td class={tableStyles.actions}>
                    <button
                      type="button"
                      class="button"
                      data-kind="quiet"
                      data-size="s"
                      data-icon
                      aria-label={`Remove ${field.from}`}
                      onClick={() => remove(field.name)}
                    >
                      <Icon name="close" size={16} />
                    </button>
                  </td>
                </tr>
              )}
            </For>
          </tbody>
        </table>
      </div>
    </>
  );
}

/** The type, and the currency of a money field. */
function TypeField(props: {
  field: MappedField;
  onChange: (part: Partial<MappedField>) => void;
}): JSX.Element {
  const choose = (value: string) => {
    const type = TYPE_NAMES.find((name) => name === value);
    if (type) props.onChange({ type, currency: type === "money" ? (props.field.currency ?? "EUR") : null });
  };
  return (
    <span class={styles.facts}>
      <select
        class="input"
        aria-label={`Type of ${props.field.from}`}
        onChange={(event) => choose(event.currentTarget.value)}
      >
        <For each={TYPE_NAMES}>
          {(name) => (
            <option value={name} selected={name === props.field.type}>
              {TYPES[name]}
            </option>
          )}
        </For>
      </select>
      <Show when={props.field.type === "money"}>
        <select
          class="input"
          aria-label={`Currency of ${props.field.from}`}
          onChange={(event) => props.onChange({ currency: event.currentTarget.value })}
        >
          <For each={CURRENCIES}>
            {(code) => (
              <option value={code} selected={code === props.field.currency}>
                {code}
              </option>
            )}
          </For>
        </select>
      </Show>
    </span>
  );
}
