/**
 * Presses made before the page is awake. Solid notes such clicks and hands them on later, but a past event has no path any
 * more, so nobody hears it (solid-js 1.9). Links, fields and `<details>` work by themselves; buttons are held here.
 * @module
 */
const AWAKE = "selvedge:awake";

/**
 * Runs in the head of the page. The last button pressed is kept, only the last: who presses three times means it once. A
 * form that is sent this early waits too, as its values would end in the address.
 */
export const HOLD_EARLY_PRESS = `(() => {
  let last;
  const hold = (event) => {
    const button = event.target.closest?.("button");
    if (!button) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    last = button;
  };
  addEventListener("click", hold, true);
  addEventListener("${AWAKE}", () => {
    removeEventListener("click", hold, true);
    if (last?.isConnected) last.click();
  }, { once: true });
})()`;

/** Says that every button is heard now, and presses the one that was held. */
export function wake(): void {
  window.dispatchEvent(new Event(AWAKE));
}
