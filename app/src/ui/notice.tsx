/**
 * A message: what happened, what is affected, and what to do.
 * @module
 */
import { type JSX, Show } from "solid-js";
import { Icon } from "./icon";

/** `title`: what happened; children: what is affected and what to do; `action`: a button that does it. */
export function Notice(props: {
  kind?: "bad" | "good";
  title: string;
  children?: JSX.Element;
  action?: JSX.Element;
}): JSX.Element {
  const icon = () => (props.kind === "bad" ? "warn" : props.kind === "good" ? "check" : "info");
  return (
    <div class="notice" data-kind={props.kind} role={props.kind === "bad" ? "alert" : "status"}>
      <Icon name={icon()} size={18} />
      <div>
        <p>
          <b>{props.title}</b>
        </p>
        <Show when={props.children}>
          <p>{props.children}</p>
        </Show>
      </div>
      {props.action}
    </div>
  );
}
