/**
 * Access to the tracker, by its public global.
 * @module
 */
import { attempt } from "../lib/attempt.ts";
import type { Properties, Tracker } from "../types.ts";

type Listener = (event: Event, element: Element) => void;

/** Send an event, or queue it for a tracker that has not loaded yet. */
export const emit = (name: string, properties: Properties): void => {
  const page = window as { selvedge?: Tracker | unknown[] };
  page.selvedge ??= [];
  if (Array.isArray(page.selvedge)) page.selvedge.push(["event", name, properties]);
  else page.selvedge.event(name, properties);
};

/** Call back for an event on an element that matches the selector, or inside one. In the capture phase, before the page can stop it. */
export const on = (type: string, selector: string, listener: Listener): void =>
  document.addEventListener(
    type,
    (event) => {
      const element = event.target instanceof Element && event.target.closest(selector);
      if (element) attempt(() => listener(event, element));
    },
    true,
  );

/** Call back for a click with the main or the middle button. */
export const onClick = (selector: string, listener: Listener): void => {
  on("click", selector, listener);
  on("auxclick", selector, (event, element) => {
    if ((event as MouseEvent).button === 1) listener(event, element);
  });
};
