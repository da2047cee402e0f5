/**
 * The list of keyboard shortcuts.
 * @module
 */
import { For, type JSX } from "solid-js";
import { Dialog } from "../../ui/dialog";
import styles from "./shell.module.css";

const KEYS: [keys: string, meaning: string][] = [
  ["g p", "Projects"],
  ["g o", "Project overview"],
  ["g d", "Dashboards"],
  ["g m", "Metrics"],
  ["g c", "Sources"],
  ["g s", "Project settings"],
  ["g a", "Account"],
  ["r", "Time range"],
  ["f", "Add a filter; on a custom dashboard, full screen"],
  ["/", "Search filter values"],
  ["e", "Edit a custom dashboard"],
  ["c", "Discuss a custom dashboard"],
  ["l", "Live feed"],
  ["p", "Pause or resume the live feed"],
  ["t", "Switch theme: light, dark, system"],
  ["← →", "Move along a focused chart; Enter opens the bucket"],
  ["?", "Show this list"],
];

/** The list as a dialog; loaded when it is first opened. */
export default function ShortcutList(props: { onClose: () => void }): JSX.Element {
  return (
    <Dialog open title="Keyboard shortcuts" onClose={props.onClose}>
      <dl class={styles.shortcuts}>
        <For each={KEYS}>
          {([keys, meaning]) => (
            <div>
              <dt>
                <For each={keys.split(" ")}>{(key) => <kbd>{key}</kbd>}</For>
              </dt>
              <dd>{meaning}</dd>
            </div>
          )}
        </For>
      </dl>
    </Dialog>
  );
}
