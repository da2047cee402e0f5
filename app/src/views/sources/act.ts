/**
 * A press that asks something of the server: busy while it goes, its problem kept.
 * @module
 */
import { type Accessor, createSignal } from "solid-js";
import type { Problem } from "../../../../schema/wire/error";
import type { Answer } from "../../client/http";

interface Act {
  busy: Accessor<boolean>;
  problem: Accessor<Problem | undefined>;
  /** Handler for `onClick`; a press while it is busy is none. */
  run: () => void;
}

/** `done` gets what came of it. */
export function createAct<T>(send: () => Promise<Answer<T>>, done: (data: T) => void): Act {
  const [busy, setBusy] = createSignal(false);
  const [problem, setProblem] = createSignal<Problem>();
  const go = async () => {
    setBusy(true);
    setProblem(undefined);
    const result = await send();
    setBusy(false);
    if (result.ok) done(result.data);
    else setProblem(result.problem);
  };
  return { busy, problem, run: () => void (busy() || go()) };
}
