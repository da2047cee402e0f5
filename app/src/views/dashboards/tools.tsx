/**
 * Buttons in a widget's header: discussion while viewing, tools while editing.
 * @module
 */
import { For, type JSX, Show } from "solid-js";
import { Button } from "../../ui/button";
import { Icon } from "../../ui/icon";
import { WidgetMarker } from "../discussion";
import styles from "./tools.module.css";

/** Buttons to reorder widgets on narrow screens. */
const STEPS = [
  { step: -1, icon: "up", direction: "up" },
  { step: 1, icon: "fall", direction: "down" },
] as const;

/** `widget` is the id, `name` the title. */
export function Tools(props: {
  widget: string;
  name: string;
  isEditing: boolean;
  onStep: (step: -1 | 1) => void;
  onOpen: () => void;
  onRemove: () => void;
}): JSX.Element {
  return (
    <Show when={props.isEditing} fallback={<WidgetMarker widget={props.widget} title={props.name} />}>
      <For each={STEPS}>
        {({ step, icon, direction }) => (
          <Button
            kind="quiet"
            size="s"
            data-icon
            class={styles.narrowOnly}
            aria-label={`Move ${props.name} ${direction}`}
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
