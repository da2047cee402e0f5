/**
 * Isolation: errors of the tracker must not reach the host page.
 * @module
 */

/** The task's result, or undefined when it threw. */
export const attempt = <T>(task: () => T): T | undefined => {
  try {
    return task();
  } catch {
    return undefined;
  }
};
