/**
 * Models: vendor records as tables that can be queried, and their lineage.
 * @module
 */

export type { AdDay, AdPlatform } from "../shapes/ads";
export type { Rates } from "../shapes/currency";
export { buildMarts } from "./build";
export { AD_PLATFORMS } from "./drivers";
export { listRates, loadRates, saveRates } from "./rates-store";
export { modelStoresOf } from "./store";
export { describeModels, testDue, testModels } from "./testing";
