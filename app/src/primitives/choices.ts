/**
 * The choices a reader has about the app's looks.
 * @module
 */
export const THEMES = ["system", "light", "dark"] as const;
export type Theme = (typeof THEMES)[number];
export const RAILS = ["wide", "narrow"] as const;
