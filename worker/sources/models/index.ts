/**
 * Models: what was read from vendors as tables that can be asked, and what they are made of.
 * @module
 */
export { buildMarts } from "./build";
export type { Rates } from "./currency";
export { AD_PLATFORMS } from "./drivers";
export { listRates, loadRates, saveRates } from "./rates-store";
export type { AdDay, AdPlatform } from "./staging/shapes";
export type { Stores } from "./store";
export { describeModels, testDue, testModels } from "./testing";
