/**
 * Renders a page once its data has loaded, or the problem.
 * @module
 */
import { type Accessor, type JSX, Show } from "solid-js";
import type { Problem } from "../../../../schema/wire/error";
import { Refused } from "./breakage";

/** Empty while loading; keeps the data when a later request fails. */
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
