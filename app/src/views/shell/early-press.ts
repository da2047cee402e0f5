/**
 * Button presses before hydration. Solid records such clicks and replays them, but a replayed event has no path, so that no
 * handler runs (solid-js 1.9). Links, fields and `<details>` work without a script; buttons are handled here.
 * @module
 */
const HYDRATED = "selvedge:hydrated";

/**
 * A script for the head of the page. Stores only the last pressed button, because repeated presses mean one. The submission
 * of a form waits too: without the handler its values would end in the URL.
 */
export const RECORD_EARLY_PRESS = `(() => {
  let last;
  const hold = (event) => {
    const button = event.target.closest?.("button");
    if (!button) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    last = button;
  };
  addEventListener("click", hold, true);
  addEventListener("${HYDRATED}", () => {
    removeEventListener("click", hold, true);
    if (last?.isConnected) last.click();
  }, { once: true });
})()`;

/** Stops recording, and clicks the stored button. */
export function replayEarlyPress(): void {
  window.dispatchEvent(new Event(HYDRATED));
}
