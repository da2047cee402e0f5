/**
 * Where the focus goes when something opens.
 * @module
 */

/** Handler for Kobalte's `onOpenAutoFocus`: the control marked `autofocus`, else what Kobalte would choose. */
export function focusMarked(event: Event): void {
  const { target } = event;
  const marked = target instanceof HTMLElement ? target.querySelector<HTMLElement>("[autofocus]") : null;
  if (!marked) return;
  event.preventDefault();
  marked.focus();
}
