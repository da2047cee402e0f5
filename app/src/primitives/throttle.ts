/**
 * Throttles calls.
 * @module
 */
import { onCleanup } from "solid-js";

/** Runs `run` at once and then at most every `everyMs`; a call in between runs at the end of the interval. */
export function createThrottle(run: () => void, everyMs: number): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let again = false;
  const wait = () => {
    timer = setTimeout(() => {
      timer = undefined;
      if (!again) return;
      again = false;
      wait();
      run();
    }, everyMs);
  };
  onCleanup(() => clearTimeout(timer));
  return () => {
    if (timer !== undefined) {
      again = true;
      return;
    }
    wait();
    run();
  };
}
