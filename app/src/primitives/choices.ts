/**
 * The user's display settings.
 * @module
 */
export const THEMES = ["system", "light", "dark"] as const;
export const RAILS = ["wide", "narrow"] as const;
