/**
 * What the keys do.
 * @module
 */
import { For, type JSX } from "solid-js";
import { Dialog } from "../../ui/dialog";

const KEYS: [keys: string, meaning: string][] = [
  ["g p", "Projects"],
  ["g o", "Overview of the project"],
  ["g d", "Dashboards of the project"],
  ["g m", "Metrics of the organisation"],
  ["g c", "Sources of the project"],
  ["g s", "Settings of the project"],
  ["g a", "Account"],
  ["r", "Time range"],
  ["f", "Add a filter; on a dashboard of your own, full screen"],
  ["/", "Search values to filter by"],
  ["e", "Edit a dashboard of your own"],
  ["c", "Discussion of a dashboard of your own"],
  ["l", "Live feed"],
  ["p", "Pause or go on with the live feed"],
  ["t", "Light, dark, as the system"],
  ["← →", "Move along a chart that has the focus; enter opens the moment"],
  ["?", "This list"],
];

/** The list as a dialog; loaded when it is first asked for. */
export default function ShortcutList(props: { onClose: () => void }): JSX.Element {
  return (
    <Dialog open title="Keyboard shortcuts" onClose={props.onClose}>
      <dl class="shortcuts">
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
