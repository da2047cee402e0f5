/**
 * The time, now and then.
 * @module
 */
import { type Accessor, createSignal, onCleanup, onMount } from "solid-js";

/** Epoch ms, renewed every `everyMs` in the browser. */
export function createClock(everyMs: number): Accessor<number> {
  const [now, setNow] = createSignal(Date.now());
  onMount(() => {
    const timer = setInterval(() => setNow(Date.now()), everyMs);
    onCleanup(() => clearInterval(timer));
  });
  return now;
}
