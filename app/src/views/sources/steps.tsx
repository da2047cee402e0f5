/**
 * The steps of connecting a source.
 * @module
 */
import { For, type JSX, Show } from "solid-js";
import { Icon } from "../../ui/icon";
import styles from "./steps.module.css";

const STEPS = ["Connect", "Sync", "View"] as const;

/** `at` is the index of the current step. */
export function Steps(props: { at: number }): JSX.Element {
  return (
    <ol class={styles.steps} aria-label="Steps">
      <For each={STEPS}>
        {(step, index) => (
          <li
            data-done={index() < props.at ? "" : undefined}
            aria-current={index() === props.at ? "step" : undefined}
          >
            <i class={styles.number} aria-hidden="true">
              <Show when={index() < props.at} fallback={index() + 1}>
                <Icon name="check" size={14} />
              </Show>
            </i>
            <span>
              {step}
              <Show when={index() < props.at}>
                <span class="visually-hidden">, done</span>
              </Show>
            </span>
          </li>
        )}
      </For>
    </ol>
  );
}
