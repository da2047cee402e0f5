/**
 * Models: what was read from vendors as tables that can be asked, and what they are made of.
 * @module
 */
export { buildMarts } from "./build";
export { listRates, saveRates } from "./rates-store";
export type { Stores } from "./store";
