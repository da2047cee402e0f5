/**
 * Keyboard shortcuts: single keys and `g` sequences; ignored while a field has the focus.
 * @module
 */
import { onCleanup, onMount } from "solid-js";

/** Maximum time between the keys of a sequence. */
const SEQUENCE_MS = 1200;

export type Shortcuts = Record<string, () => void>;

function typing(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
  );
}

/** Listens on the document until the owner is disposed. Keys are `r`, `/`, `?` or sequences such as `g p`. */
export function createShortcuts(shortcuts: () => Shortcuts): void {
  let first = "";
  let at = 0;
  const press = (event: KeyboardEvent) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || typing(event.target))
      return;
    if (document.querySelector("[role=dialog][data-expanded]") && event.key !== "?") return;
    const sequence = Date.now() - at < SEQUENCE_MS ? `${first} ${event.key}` : "";
    const known = shortcuts();
    const action = known[sequence] ?? known[event.key];
    first = event.key;
    at = Date.now();
    if (!action) return;
    event.preventDefault();
    action();
  };
  onMount(() => document.addEventListener("keydown", press));
  onCleanup(() => globalThis.document?.removeEventListener("keydown", press));
}
