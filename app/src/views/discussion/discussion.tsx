/**
 * Provides the discussion of a dashboard to its page, and shows the panel while it is open.
 * @module
 */
import { useLocation } from "@solidjs/router";
import { type JSX, lazy, onMount, Show, Suspense } from "solid-js";
import { createShortcuts } from "../../primitives/shortcuts";
import { type Talk, TalkContext } from "./thread-context";

const Panel = lazy(() => import("./panel"));

/** Wraps the page; `talk` comes from `createTalk`. The panel loads when it is first opened. */
export function Discussion(props: { talk: Talk; children: JSX.Element }): JSX.Element {
  const location = useLocation();
  createShortcuts(() => ({
    c: () => (props.talk.isOpen() ? props.talk.setOpen(false) : props.talk.select(null)),
  }));
  // The link in the email of a mention.
  onMount(() => {
    if (new URLSearchParams(location.search).has("comment")) props.talk.select(null);
  });
  return (
    <TalkContext.Provider value={props.talk}>
      {props.children}
      <Show when={props.talk.isOpen()}>
        <Suspense>
          <Panel talk={props.talk} />
        </Suspense>
      </Show>
    </TalkContext.Provider>
  );
}
