/**
 * May we measure? Global Privacy Control and the visitor's own mark always win; `disabled` waits for the page.
 * @module
 */
import { attempt } from "./lib/attempt.ts";

const MARK = "selvedge_ignore";
const MAX_HELD = 100;

let held: (() => void)[] | undefined;

/** True when the visitor asked not to be measured, by `navigator.globalPrivacyControl` or by the mark in `localStorage`. */
export const isOptedOut = (): unknown =>
  (navigator as Navigator & { globalPrivacyControl?: boolean }).globalPrivacyControl ||
  attempt(() => localStorage.getItem(MARK));

/** Set or remove the visitor's mark. */
export const ignore = (on = true): void =>
  on ? localStorage.setItem(MARK, "1") : localStorage.removeItem(MARK);

/** Keep tasks from now on, until `release`. A prerendered page is kept until somebody looks at it. */
export const hold = (disabled: unknown): void => {
  const prerendering = (document as Document & { prerendering?: boolean }).prerendering;
  if (disabled || prerendering) held = [];
  // Fired at the document; does not bubble to the window.
  if (prerendering && !disabled) document.addEventListener("prerenderingchange", release);
};

/** Run a task now or, while kept, later and in order. */
export const whenReady = (task: () => void): void => {
  if (!held) task();
  else if (held.length < MAX_HELD) held.push(task);
};

/** Run what was kept and keep no more. */
export const release = (): void => {
  const tasks = held;
  held = undefined;
  tasks?.forEach(attempt);
};
