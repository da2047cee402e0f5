/**
 * Data quality: checks of vendor data, their results and notices.
 * @module
 */

export { checkAfterSync, type QualityBindings, readOverview, readQuality } from "./run";
export { checkSources } from "./summary";
