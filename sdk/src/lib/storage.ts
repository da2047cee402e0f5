/**
 * Text stored as long as the tab: in `sessionStorage`, or in memory where it is not available.
 * @module
 */
import { attempt } from "./attempt.ts";

const memory: Record<string, string> = {};

/** Store a text. */
export const save = (key: string, value: string): void => {
  memory[key] = value;
  attempt(() => sessionStorage.setItem(key, value));
};

/** Read a text; empty when there is none. */
export const load = (key: string): string => attempt(() => sessionStorage.getItem(key)) || memory[key] || "";
