/**
 * The initial focus of dialogs and popovers.
 * @module
 */

/** Handler for Kobalte's `onOpenAutoFocus`: focuses the control marked `autofocus`, else Kobalte's default. */
export function focusMarked(event: Event): void {
  const { target } = event;
  const marked = target instanceof HTMLElement ? target.querySelector<HTMLElement>("[autofocus]") : null;
  if (!marked) return;
  event.preventDefault();
  marked.focus();
}
