/**
 * The unit of the values of a field.
 * @module
 */
import { For, type JSX, Show } from "solid-js";
import { CURRENCIES } from "../../ui/currencies";
import { Field, TextField } from "../../ui/field";
import type { Draft } from "./draft";

const CODE = /^[A-Z]{3}$/;

/** The unit, and the currency of money. */
export function UnitField(props: {
  draft: Draft;
  wrong: (field: string) => string | undefined;
  onChange: (change: Partial<Draft>) => void;
}): JSX.Element {
  const currency = () => props.draft.unit?.match(/^currency:(.*)$/)?.[1];
  const choose = (value: string) => {
    if (value === "money") props.onChange({ unit: `currency:${CURRENCIES[0]}` });
    else props.onChange({ unit: value === "ms" || value === "count" || value === "ratio" ? value : null });
  };
  return (
    <>
      <Field label="Unit" error={props.wrong("unit")}>
        {(control) => (
          <select
            {...control}
            class="input"
            value={currency() === undefined ? (props.draft.unit ?? "") : "money"}
            onChange={(event) => choose(event.currentTarget.value)}
          >
            <option value="">Automatic</option>
            <option value="count" selected={props.draft.unit === "count"}>
              Number
            </option>
            <option value="money" selected={currency() !== undefined}>
              Money
            </option>
            <option value="ms" selected={props.draft.unit === "ms"}>
              Milliseconds
            </option>
            <option value="ratio" selected={props.draft.unit === "ratio"}>
              Ratio
            </option>
          </select>
        )}
      </Field>
      <Show when={currency() !== undefined}>
        <TextField
          label="Currency"
          list="currencies"
          maxlength={3}
          value={currency()}
          hint="Different currencies are never added."
          onChange={(event) => {
            const code = event.currentTarget.value.trim().toUpperCase();
            if (CODE.test(code)) props.onChange({ unit: `currency:${code}` });
          }}
        />
        <datalist id="currencies">
          <For each={CURRENCIES}>{(code) => <option value={code} />}</For>
        </datalist>
      </Show>
    </>
  );
}
