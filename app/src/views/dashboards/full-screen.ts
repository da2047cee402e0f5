/**
 * The dashboard and nothing else: the browser's full screen where it has one, and everything around it put away.
 * @module
 */
import "./full-screen.css";
import { type Accessor, createSignal, onCleanup, onMount } from "solid-js";

/** Ends with its owner, or when the browser leaves full screen by itself. */
export function createFullScreen(): { isFull: Accessor<boolean>; toggle: () => void } {
  const [isFull, setFull] = createSignal(false);
  const set = (next: boolean) => {
    setFull(next);
    if (next) document.documentElement.dataset.full = "";
    else delete document.documentElement.dataset.full;
  };
  const left = () => document.fullscreenElement === null && set(false);
  onMount(() => document.addEventListener("fullscreenchange", left));
  onCleanup(() => {
    if (!globalThis.document) return;
    document.removeEventListener("fullscreenchange", left);
    if (document.fullscreenElement) void document.exitFullscreen();
    set(false);
  });
  return {
    isFull,
    toggle() {
      const next = !isFull();
      set(next);
      // Refused in frames and unknown on telephones: the page alone is put away then.
      if (next) void document.documentElement.requestFullscreen?.().catch(() => undefined);
      else if (document.fullscreenElement) void document.exitFullscreen();
    },
  };
}
