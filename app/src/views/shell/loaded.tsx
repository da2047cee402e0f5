/**
 * A page once its data is there, or what the API said instead.
 * @module
 */
import { type Accessor, type JSX, Show } from "solid-js";
import type { Problem } from "../../../../schema/wire/error";
import { Refused } from "./breakage";

/** Nothing while `data` and `problem` are both on their way; what is there stays when a later question is refused. */
export function Loaded<T>(props: {
  data: T | undefined;
  problem: Problem | undefined;
  retry: () => void;
  children: (data: Accessor<NonNullable<T>>) => JSX.Element;
}): JSX.Element {
  return (
    <>
      <Show when={!props.data && props.problem}>
        {(refused) => <Refused problem={refused()} retry={props.retry} />}
      </Show>
      <Show when={props.data}>{(data) => props.children(data)}</Show>
    </>
  );
}
