/**
 * Entry points of the discussion: a toolbar button, a marker per widget, and who is online.
 * @module
 */
import { type JSX, Show } from "solid-js";
import { Button } from "../../ui/button";
import { Icon } from "../../ui/icon";
import { AvatarRow } from "./avatar";
import styles from "./markers.module.css";
import { useTalk } from "./thread-context";
import { openOn } from "./threads";

/** Toggles the panel; shows the number of open threads. Empty without a discussion. */
export function DiscussionButton(): JSX.Element {
  const talk = useTalk();
  const open = () => talk?.threads().filter((thread) => !thread.isResolved).length ?? 0;
  return (
    <Show when={talk}>
      {(talk) => (
        <Button
          aria-expanded={talk().isOpen()}
          title="Discussion"
          onClick={() => (talk().isOpen() ? talk().setOpen(false) : talk().select(null))}
        >
          <Icon name="talk" size={18} />
          <span class="visually-hidden">Discussion, {open()} open</span>
          <span class="wide-only" aria-hidden="true">
            Discussion
          </span>
          <Show when={open() > 0}>
            <span class={styles.count} aria-hidden="true">
              {open()}
            </span>
          </Show>
        </Button>
      )}
    </Show>
  );
}

/** The number of open threads of a widget; without threads it is visible on hover only. */
export function WidgetMarker(props: { widget: string; title: string }): JSX.Element {
  const talk = useTalk();
  const open = () => (talk ? openOn(talk.threads(), props.widget).length : 0);
  return (
    <Show when={talk}>
      {(talk) => (
        <button
          type="button"
          class={styles.marker}
          data-open={open() > 0 ? "" : undefined}
          aria-label={open() > 0 ? `${open()} open threads on ${props.title}` : `Comment on ${props.title}`}
          title="Comment"
          onClick={() => talk().select({ widget: props.widget, at: null })}
        >
          <Icon name="talk" size={16} />
          <Show when={open() > 0}>{open()}</Show>
        </button>
      )}
    </Show>
  );
}

/** Other users viewing this dashboard. */
export function Viewers(): JSX.Element {
  const talk = useTalk();
  return <AvatarRow people={talk?.here() ?? []} label="Online" />;
}
