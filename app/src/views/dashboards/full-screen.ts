/**
 * Full screen: uses the browser's full screen where available, and hides navigation.
 * @module
 */
import "./full-screen.css";
import { type Accessor, createSignal, onCleanup, onMount } from "solid-js";

/** Ends with its owner, or when the browser exits full screen. */
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
      // Rejected in frames and missing on phones: then only the navigation is hidden.
      if (next) void document.documentElement.requestFullscreen?.().catch(() => undefined);
      else if (document.fullscreenElement) void document.exitFullscreen();
    },
  };
}
