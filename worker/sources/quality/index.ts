/**
 * Data quality: checks of what was read, their results and notices.
 * @module
 */

export { checkAfterSync, type QualityBindings, readOverview, readQuality } from "./run";
export { checkSources } from "./summary";
