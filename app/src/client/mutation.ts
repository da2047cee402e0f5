/**
 * Forms and buttons that change something, on the router's actions: pending, problem and errors by field.
 * @module
 */
import { action, json, useAction, useSubmission } from "@solidjs/router";
import { createSignal, createUniqueId, onCleanup } from "solid-js";
import type { Problem } from "../../../schema/wire/error";
import { type Answer, problemOf } from "./http";

/** How long `saved` stays true. */
const SAVED_MS = 2500;
/** No query has this name: revalidates nothing, where the router's default is everything. */
const NOTHING = "nothing";

interface Options<T, A extends unknown[]> {
  /** Called with the data of a successful answer, after `revalidate`. */
  onSuccess?: (data: T, ...args: A) => void;
  /** Keys of the queries to load again after success. */
  revalidate?: string[];
}

export interface Mutation<A extends unknown[]> {
  /** True until the answer has arrived and the queries of `revalidate` have loaded. */
  pending: () => boolean;
  /** The problem of the last call. */
  problem: () => Problem | undefined;
  /** The problem, unless it is about single fields, which show it themselves. */
  formProblem: () => Problem | undefined;
  /** Message for a field, by its name in the body. */
  fieldError: (field: string) => string | undefined;
  /** True for 2.5 seconds after success. */
  saved: () => boolean;
  /** Sends; does nothing while pending. */
  run: (...args: A) => void;
}

export interface Form extends Mutation<[FormData]> {
  /** Handler for `onSubmit`. */
  submit: (event: SubmitEvent) => void;
}

/** Text of a form's field, trimmed; empty when missing. */
export function textOf(form: FormData, name: string): string {
  const value = form.get(name);
  return typeof value === "string" ? value.trim() : "";
}

/** A button or another event that calls the API with `send`. */
export function createMutation<T, A extends unknown[]>(
  send: (...args: A) => Promise<Answer<T>>,
  { onSuccess, revalidate = [NOTHING] }: Options<T, A> = {},
): Mutation<A> {
  const [saved, setSaved] = createSignal(false);
  // Passed as one plain array, because the router's type of an action cannot be resolved for a generic tuple.
  const definition = action(
    async (args: unknown[]) => {
      const answer = await send(...(args as A));
      return json(answer, { revalidate: answer.ok ? revalidate : NOTHING });
    },
    { name: createUniqueId() },
  );
  const call = useAction(definition);
  const submission = useSubmission(definition);
  const problem = () => problemOf(submission.result);
  const clear = () => submission.clear?.();
  onCleanup(clear);
  const go = async (...args: A) => {
    clear();
    setSaved(false);
    const answer = await call(args);
    if (!answer.ok) return;
    setSaved(true);
    setTimeout(() => setSaved(false), SAVED_MS);
    onSuccess?.(answer.data, ...args);
  };
  return {
    pending: () => submission.pending === true,
    problem,
    formProblem: () => (problem()?.errors ? undefined : problem()),
    fieldError: (field) => problem()?.errors?.find((error) => error.path === field)?.message,
    saved,
    run: (...args) => void (submission.pending || go(...args)),
  };
}

/** A form whose data `send` passes to the API. */
export function createForm<T>(
  send: (form: FormData) => Promise<Answer<T>>,
  options?: Options<T, [FormData]>,
): Form {
  const mutation = createMutation(send, options);
  return {
    ...mutation,
    submit(event) {
      event.preventDefault();
      if (event.target instanceof HTMLFormElement) mutation.run(new FormData(event.target));
    },
  };
}
