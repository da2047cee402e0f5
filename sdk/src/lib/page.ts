/**
 * State and events of the page.
 * @module
 */

/** Whether the page is visible. False in a background tab and while prerendering. */
export const isVisible = (): boolean => document.visibilityState === "visible";

/** Call back on an event of the window (`pagehide`, …) or, by bubbling, of the document (`visibilitychange`). */
export const listen = (type: string, callback: (event: Event) => void, once?: boolean): void =>
  addEventListener(type, callback, { once });
