/**
 * Button presses before hydration. Solid records such clicks and replays them, but a replayed event has no path, so that no
 * handler runs (solid-js 1.9). Links, fields and `<details>` work without a script; buttons are handled here.
 * @module
 */
const AWAKE = "selvedge:awake";

/**
 * A script for the head of the page. Stores only the last pressed button, because repeated presses mean one. The submission
 * of a form waits too: without the handler its values would end in the URL.
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

/** Stops recording, and clicks the stored button. */
export function wake(): void {
  window.dispatchEvent(new Event(AWAKE));
}
