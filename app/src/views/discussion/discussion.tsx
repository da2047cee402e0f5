/**
 * The conversation around a dashboard's page: gives its parts the talk, and shows the panel while it is open.
 * @module
 */
import { useLocation } from "@solidjs/router";
import { type JSX, lazy, onMount, Show, Suspense } from "solid-js";
import { createShortcuts } from "../../primitives/shortcuts";
import { type Talk, TalkContext } from "./thread-context";

const Panel = lazy(() => import("./panel"));

/** Wraps the page; `talk` comes from `createTalk`. What people say is loaded when the panel is first opened. */
export function Discussion(props: { talk: Talk; children: JSX.Element }): JSX.Element {
  const location = useLocation();
  createShortcuts(() => ({
    c: () => (props.talk.isOpen() ? props.talk.setOpen(false) : props.talk.lookAt(null)),
  }));
  // Where the e-mail of a mention leads.
  onMount(() => {
    if (new URLSearchParams(location.search).has("comment")) props.talk.lookAt(null);
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
