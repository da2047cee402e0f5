/**
 * @module
 */

/** 96 random bits as decimal digits. `randomUUID` exists in secure contexts only; this works on plain http. */
export const random = (): string => crypto.getRandomValues(new Uint32Array(3)).join("");
