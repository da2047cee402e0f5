/**
 * What stands at the end of a widget's head: the conversation while reading, the tools while editing.
 * @module
 */
import { For, type JSX, Show } from "solid-js";
import { Button } from "../../ui/button";
import { Icon } from "../../ui/icon";
import { WidgetTalk } from "../discussion";
import styles from "./tools.module.css";

/** Without room to drag, widgets go up and down. */
const STEPS = [
  { step: -1, icon: "up", words: "up" },
  { step: 1, icon: "fall", words: "down" },
] as const;

/** `widget` is its id, `name` what it is called. */
export function Tools(props: {
  widget: string;
  name: string;
  isEditing: boolean;
  onStep: (step: -1 | 1) => void;
  onOpen: () => void;
  onRemove: () => void;
}): JSX.Element {
  return (
    <Show when={props.isEditing} fallback={<WidgetTalk widget={props.widget} title={props.name} />}>
      <For each={STEPS}>
        {({ step, icon, words }) => (
          <Button
            kind="quiet"
            size="s"
            data-icon
            class={styles.narrowOnly}
            aria-label={`Move ${props.name} ${words}`}
            onClick={() => props.onStep(step)}
          >
            <Icon name={icon} size={16} />
          </Button>
        )}
      </For>
      <Button
        kind="quiet"
        size="s"
        data-icon
        aria-label={`Edit ${props.name}`}
        title="Edit"
        onClick={() => props.onOpen()}
      >
        <Icon name="edit" size={16} />
      </Button>
      <Button
        kind="quiet"
        size="s"
        data-icon
        aria-label={`Remove ${props.name}`}
        title="Remove"
        onClick={() => props.onRemove()}
      >
        <Icon name="bin" size={16} />
      </Button>
    </Show>
  );
}
