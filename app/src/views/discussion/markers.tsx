/**
 * The ways into a conversation, for the page that is talked about: a button for its bar, a mark for a widget, who is here.
 * @module
 */
import { type JSX, Show } from "solid-js";
import { Button } from "../../ui/button";
import { Icon } from "../../ui/icon";
import { PatchRow } from "./avatar";
import styles from "./markers.module.css";
import { useTalk } from "./thread-context";
import { openOn } from "./threads";

/** Opens and closes the panel; carries the number of open threads. Nothing outside a conversation. */
export function DiscussionButton(): JSX.Element {
  const talk = useTalk();
  const open = () => talk?.threads().filter((thread) => !thread.isResolved).length ?? 0;
  return (
    <Show when={talk}>
      {(talk) => (
        <Button
          aria-expanded={talk().isOpen()}
          title="Discussion"
          onClick={() => (talk().isOpen() ? talk().setOpen(false) : talk().lookAt(null))}
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

/** A widget's mark: how many open threads hang on it. Without any it shows while the widget is pointed at. */
export function WidgetTalk(props: { widget: string; title: string }): JSX.Element {
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
          onClick={() => talk().lookAt({ widget: props.widget, at: null })}
        >
          <Icon name="talk" size={16} />
          <Show when={open() > 0}>{open()}</Show>
        </button>
      )}
    </Show>
  );
}

/** Who else looks at this dashboard now. */
export function Here(): JSX.Element {
  const talk = useTalk();
  return <PatchRow people={talk?.here() ?? []} label="Also here" />;
}
