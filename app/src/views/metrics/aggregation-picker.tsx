/**
 * How to calculate: every aggregation with its sentence, the chosen one with an example.
 * @module
 */
import { createUniqueId, For, type JSX, Show } from "solid-js";
import type { Aggregation } from "../../../../schema/wire/metric";
import { exact, listed } from "../../ui/format";
import { locale } from "../../ui/locale";
import styles from "./aggregation-picker.module.css";
import { example, WAY_NAMES, WAYS } from "./aggregations";

/** `samples` are values of the chosen field, in the reader's own data. */
export function Ways(props: {
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
      <legend>Calculate</legend>
      <For each={WAY_NAMES}>
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
            <b>{WAYS[name].label}</b>
            <span class="soft">
              {WAYS[name].about}
              <Show when={props.chosen === name && shown()}>
                {(words) => <em class={styles.example}>In your data: {words()}</em>}
              </Show>
            </span>
          </label>
        )}
      </For>
    </fieldset>
  );
}
