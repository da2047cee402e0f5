/**
 * What the browser says about the page.
 * @module
 */

/** Can the visitor see the page? False in a background tab and while prerendering. */
export const isVisible = (): boolean => document.visibilityState === "visible";

/** Call back on an event of the window (`pagehide`, …) or, by bubbling, of the document (`visibilitychange`). */
export const listen = (type: string, callback: (event: Event) => void, once?: boolean): void =>
  addEventListener(type, callback, { once });
