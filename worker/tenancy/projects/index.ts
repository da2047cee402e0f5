/**
 * Projects: tenancy, write keys, origins, salts, and where a project's data lives.
 * @module
 */
export { cachedProjectByKey, findProjectByKey, rotateKey } from "./key";
export { originAllowed } from "./origin";
export { destroyOldSalts, type Salts, saltsFor } from "./salt";
export { readSettings } from "./settings";
export {
  countByShard,
  groupByShard,
  pickShard,
  type ShardBindings,
  shardNumbers,
  shardOf,
  sizeOf,
  storesOf,
  storesOfShard,
} from "./shard";
export {
  createProject,
  deleteProject,
  findProject,
  listProjects,
  type ProjectContext,
  projectIdsOf,
  readProject,
  updateProject,
} from "./store";
