/**
 * Radio buttons for the aggregation; the selected one shows an example.
 * @module
 */
import { createUniqueId, For, type JSX, Show } from "solid-js";
import type { Aggregation } from "../../../../schema/wire/metric";
import { exact, listed } from "../../ui/format";
import { locale } from "../../ui/locale";
import styles from "./aggregation-picker.module.css";
import { AGGREGATION_NAMES, AGGREGATIONS, example } from "./aggregations";

/** `samples` are values of the selected field in the project's data. */
export function AggregationPicker(props: {
  chosen: Aggregation;
  samples: readonly string[];
  onChoose: (aggregation: Aggregation) => void;
}): JSX.Element {
  const group = createUniqueId();
  const shown = () =>
    example(
      props.chosen,
      props.samples,
      (value) => exact(value, locale()),
      (items) => listed(items, locale()),
    );
  return (
    <fieldset class={styles.picker}>
      <legend>Aggregation</legend>
      <For each={AGGREGATION_NAMES}>
        {(name) => (
          <label class={styles.option} data-chosen={props.chosen === name ? "" : undefined}>
            <input
              type="radio"
              class="visually-hidden"
              name={group}
              value={name}
              checked={props.chosen === name}
              onChange={() => props.onChoose(name)}
            />
            <b>{AGGREGATIONS[name].label}</b>
            <span class="soft">
              {AGGREGATIONS[name].about}
              <Show when={props.chosen === name && shown()}>
                {(text) => <em class={styles.example}>Example: {text()}</em>}
              </Show>
            </span>
          </label>
        )}
      </For>
    </fieldset>
  );
}
