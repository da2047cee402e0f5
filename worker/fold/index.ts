/**
 * Fold: what is committed becomes rollups and sessions.
 * @module
 */
export { APPLIED_KEPT_MS, appliedTable } from "./applied";
export { derive } from "./derive";
export { foldOnce, type Stores } from "./fold";
export { Folder, type FolderBindings, wakeFolder } from "./folder";
export { forget, rebuild, rezone } from "./projects";
export { deriveMarked, foldAll } from "./run";
export { progressOf } from "./store";
export { collectGarbage, merge, seal } from "./tidy";
