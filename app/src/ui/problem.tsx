/**
 * An API error, shown in place.
 * @module
 */
import { type JSX, Show } from "solid-js";
import { Notice } from "./notice";

interface Shown {
  title: string;
  detail?: string;
}

/** Empty without a problem. */
export function ProblemNotice(props: { problem: Shown | undefined; action?: JSX.Element }): JSX.Element {
  return (
    <Show when={props.problem}>
      {(problem) => (
        <Notice kind="bad" title={problem().title} action={props.action}>
          {problem().detail}
        </Notice>
      )}
    </Show>
  );
}
