/**
 * The button at the end of a settings form, with its confirmation.
 * @module
 */
import { type JSX, Show } from "solid-js";
import type { Form } from "../client/mutation";
import { Button } from "./button";

/** Shows "Saved" for a moment after success. */
export function SaveButton(props: { form: Form }): JSX.Element {
  return (
    <div class="form-foot">
      <Button kind="main" type="submit" busy={props.form.pending() ? "Saving" : undefined}>
        Save
      </Button>
      <span class="small soft" role="status">
        <Show when={props.form.saved()}>Saved</Show>
      </span>
    </div>
  );
}
