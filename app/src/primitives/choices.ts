/**
 * The user's display settings.
 * @module
 */
export const THEMES = ["system", "light", "dark"] as const;
export type Theme = (typeof THEMES)[number];
export const RAILS = ["wide", "narrow"] as const;
