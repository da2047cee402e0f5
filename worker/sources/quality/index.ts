/**
 * Quality: whether what was read is right, and who is told when it is not.
 * @module
 */

export { checkAfterSync, type QualityBindings, readOverview, readQuality } from "./run";
export { checkSources } from "./summary";
