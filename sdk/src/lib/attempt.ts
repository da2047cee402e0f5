/**
 * The tracker is a guest: whatever breaks inside it stays inside.
 * @module
 */

/** The task's answer, or nothing when it threw. */
export const attempt = <T>(task: () => T): T | undefined => {
  try {
    return task();
  } catch {
    return undefined;
  }
};
