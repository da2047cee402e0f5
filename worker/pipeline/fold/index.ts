/**
 * Fold: aggregates committed events into rollups and sessions.
 * @module
 */
export { Folder } from "./folder";
export { deleteProjectData, rebuild } from "./projects";
export { deriveMarked, foldAll } from "./run";
export { progressOf } from "./store";
export { merge, seal } from "./tidy";
export { attendFolder, wakeFolder } from "./wake";
export { changeTimeZone, finishZoneChanges } from "./zone-change";
