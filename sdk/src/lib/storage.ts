/**
 * Text that lives as long as the tab: in `sessionStorage`, or in memory where the browser forbids it.
 * @module
 */
import { attempt } from "./attempt.ts";

const memory: Record<string, string> = {};

/** Keep a text under a name of ours. */
export const save = (key: string, value: string): void => {
  memory[key] = value;
  attempt(() => sessionStorage.setItem(key, value));
};

/** The text kept, or an empty one. */
export const load = (key: string): string => attempt(() => sessionStorage.getItem(key)) || memory[key] || "";
