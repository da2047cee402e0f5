/**
 * Entry points of the discussion: a toolbar button, a marker per widget, and who is online.
 * @module
 */
import { type JSX, Show } from "solid-js";
import { Button } from "../../ui/button";
import { Icon } from "../../ui/icon";
import { AvatarRow } from "./avatar";
import styles from "./markers.module.css";
import { useDiscussion } from "./thread-context";
import { openOn } from "./threads";

/** Toggles the panel; shows the number of open threads. Empty without a discussion. */
export function DiscussionButton(): JSX.Element {
  const discussion = useDiscussion();
  const open = () => discussion?.threads().filter((thread) => !thread.isResolved).length ?? 0;
  return (
    <Show when={discussion}>
      {(discussion) => (
        <Button
          aria-expanded={discussion().isOpen()}
          title="Discussion"
          onClick={() => (discussion().isOpen() ? discussion().setOpen(false) : discussion().select(null))}
        >
          <Icon name="discussion" size={18} />
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
  const discussion = useDiscussion();
  const open = () => (discussion ? openOn(discussion.threads(), props.widget).length : 0);
  return (
    <Show when={discussion}>
      {(discussion) => (
        <button
          type="button"
          class={styles.marker}
          data-open={open() > 0 ? "" : undefined}
          aria-label={open() > 0 ? `${open()} open threads on ${props.title}` : `Comment on ${props.title}`}
          title="Comment"
          onClick={() => discussion().select({ widget: props.widget, at: null })}
        >
          <Icon name="discussion" size={16} />
          <Show when={open() > 0}>{open()}</Show>
        </button>
      )}
    </Show>
  );
}

/** Other users viewing this dashboard. */
export function Viewers(): JSX.Element {
  const discussion = useDiscussion();
  return <AvatarRow people={discussion?.here() ?? []} label="Online" />;
}
