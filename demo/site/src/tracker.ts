/**
 * The tracker, added to the page by its snippet and used by its documented API.
 * @module
 */
import type { Properties } from "../../../sdk/src/types.ts";

/** Adds the snippet's script element. Calls made before it has loaded are queued in the array. */
export function loadTracker(key: string): void {
  window.selvedge ??= [];
  const script = document.createElement("script");
  script.src = "/sdk/tracker.min.js";
  script.dataset.project = key;
  document.head.appendChild(script);
}

/** Send an event. */
export function event(name: string, properties?: Properties): void {
  const tracker = window.selvedge;
  if (tracker && "event" in tracker) tracker.event(name, properties);
  else tracker?.push(["event", name, properties]);
}

/** Identify the visitor. */
export function identify(id: string, traits?: Properties): void {
  const tracker = window.selvedge;
  if (tracker && "identify" in tracker) tracker.identify(id, traits);
  else tracker?.push(["identify", id, traits]);
}

/** Forget the visitor on sign-out. */
export function reset(): void {
  const tracker = window.selvedge;
  if (tracker && "reset" in tracker) tracker.reset();
  else tracker?.push(["reset"]);
}
