/**
 * The tracker, put on the page as its snippet says. Nothing here knows more of it than its documentation tells.
 * @module
 */
import type { Properties } from "../../../sdk/src/types.ts";

/** Adds the snippet's script element. Calls made before it has loaded wait in the array. */
export function loadTracker(key: string): void {
  window.selvedge ??= [];
  const script = document.createElement("script");
  script.src = "/sdk/tracker.min.js";
  script.dataset.project = key;
  document.head.appendChild(script);
}

/** Something happened. */
export function event(name: string, properties?: Properties): void {
  const tracker = window.selvedge;
  if (tracker && "event" in tracker) tracker.event(name, properties);
  else tracker?.push(["event", name, properties]);
}

/** The visitor is this person. */
export function identify(id: string, traits?: Properties): void {
  const tracker = window.selvedge;
  if (tracker && "identify" in tracker) tracker.identify(id, traits);
  else tracker?.push(["identify", id, traits]);
}

/** The visitor has signed out. */
export function reset(): void {
  const tracker = window.selvedge;
  if (tracker && "reset" in tracker) tracker.reset();
  else tracker?.push(["reset"]);
}
