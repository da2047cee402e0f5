/**
 * Provides the discussion of a dashboard to its page, and shows the panel while it is open.
 * @module
 */
import { useLocation } from "@solidjs/router";
import { type JSX, lazy, onMount, Show, Suspense } from "solid-js";
import { createShortcuts } from "../../primitives/shortcuts";
import { DiscussionContext, type DiscussionState } from "./thread-context";

const Panel = lazy(() => import("./panel"));

/** Wraps the page; `discussion` comes from `createDiscussion`. The panel loads when it is first opened. */
export function Discussion(props: { discussion: DiscussionState; children: JSX.Element }): JSX.Element {
  const location = useLocation();
  createShortcuts(() => ({
    c: () => (props.discussion.isOpen() ? props.discussion.setOpen(false) : props.discussion.select(null)),
  }));
  // The link in the email of a mention.
  onMount(() => {
    if (new URLSearchParams(location.search).has("comment")) props.discussion.select(null);
  });
  return (
    <DiscussionContext.Provider value={props.discussion}>
      {props.children}
      <Show when={props.discussion.isOpen()}>
        <Suspense>
          <Panel discussion={props.discussion} />
        </Suspense>
      </Show>
    </DiscussionContext.Provider>
  );
}
