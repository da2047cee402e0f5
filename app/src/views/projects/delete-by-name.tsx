/**
 * Permanent deletion, confirmed by typing the name.
 * @module
 */
import { createSignal, type JSX } from "solid-js";
import type { Answer } from "../../client/http";
import { createForm } from "../../client/mutation";
import { Button } from "../../ui/button";
import { TextField } from "../../ui/field";
import { ProblemNotice } from "../../ui/problem";

/** The form of a dialog. `kind` names what is deleted; `send` receives the typed name. */
export function DeleteByName(props: {
  kind: string;
  name: string;
  send: (typed: string) => Promise<Answer<unknown>>;
  onDone: () => void;
  onClose: () => void;
}): JSX.Element {
  const [typed, setTyped] = createSignal("");
  const form = createForm(() => props.send(typed()), { onSuccess: () => props.onDone() });
  return (
    <form class="form" onSubmit={form.submit}>
      <ProblemNotice problem={form.problem()} />
      <p>
        Type <b>{props.name}</b> to confirm.
      </p>
      <TextField
        label={`Name of the ${props.kind}`}
        name="confirm"
        autocomplete="off"
        autofocus
        value={typed()}
        onInput={(event) => setTyped(event.currentTarget.value)}
      />
      <div class="dialog-foot">
        <Button onClick={() => props.onClose()}>Cancel</Button>
        <Button
          kind="danger"
          type="submit"
          disabled={typed() !== props.name}
          busy={form.pending() ? "Deleting" : undefined}
        >
          Delete {props.kind}
        </Button>
      </div>
    </form>
  );
}
