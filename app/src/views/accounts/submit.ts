/**
 * Sending a form: busy while it goes, its problem kept field by field.
 * @module
 */
import { type Accessor, createSignal } from "solid-js";
import type { Problem } from "../../../../schema/wire/error";
import type { Answer } from "../../client/http";

export interface Submission {
  busy: Accessor<boolean>;
  problem: Accessor<Problem | undefined>;
  /** What is wrong with one field, by its name in the body. */
  wrong: (field: string) => string | undefined;
  /** Handler for `onSubmit`. */
  submit: (event: SubmitEvent) => void;
}

/** Text of a form's field; empty when there is none. */
export function textOf(form: FormData, name: string): string {
  const value = form.get(name);
  return typeof value === "string" ? value.trim() : "";
}

/** `send` gets the form's data; `done` what came of it. */
export function createSubmission<T>(
  send: (form: FormData) => Promise<Answer<T>>,
  done: (data: T, form: FormData) => void,
): Submission {
  const [busy, setBusy] = createSignal(false);
  const [problem, setProblem] = createSignal<Problem>();
  const go = async (form: FormData) => {
    setBusy(true);
    setProblem(undefined);
    const result = await send(form);
    setBusy(false);
    if (result.ok) done(result.data, form);
    else setProblem(result.problem);
  };
  return {
    busy,
    problem,
    wrong: (field) => problem()?.errors?.find((error) => error.path === field)?.message,
    submit(event) {
      event.preventDefault();
      if (event.target instanceof HTMLFormElement && !busy()) void go(new FormData(event.target));
    },
  };
}
