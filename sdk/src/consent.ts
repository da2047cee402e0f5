/**
 * Consent. Global Privacy Control and the visitor's opt-out always take precedence; `disabled` waits for the page.
 * @module
 */
import { attempt } from "./lib/attempt.ts";

const MARK = "selvedge_ignore";
const MAX_HELD = 100;

let held: (() => void)[] | undefined;

/** True when the visitor opted out, by `navigator.globalPrivacyControl` or by `localStorage`. */
export const isOptedOut = (): unknown =>
  (navigator as Navigator & { globalPrivacyControl?: boolean }).globalPrivacyControl ||
  attempt(() => localStorage.getItem(MARK));

/** Set or remove the visitor's opt-out. */
export const ignore = (on = true): void =>
  on ? localStorage.setItem(MARK, "1") : localStorage.removeItem(MARK);

/** Queue tasks from now on, until `release`. On a prerendered page until it is shown. */
export const hold = (disabled: unknown): void => {
  const prerendering = (document as Document & { prerendering?: boolean }).prerendering;
  if (disabled || prerendering) held = [];
  // Fired at the document; does not bubble to the window.
  if (prerendering && !disabled) document.addEventListener("prerenderingchange", release);
};

/** Run a task now or, while tasks are queued, later and in order. */
export const whenReady = (task: () => void): void => {
  if (!held) task();
  else if (held.length < MAX_HELD) held.push(task);
};

/** Run the queued tasks and stop queueing. */
export const release = (): void => {
  const tasks = held;
  held = undefined;
  tasks?.forEach(attempt);
};
