/**
 * The database shard of a project.
 * @module
 */

/** The shard bindings of the deployment. A new shard is added here. */
export interface ShardBindings {
  SHARD_0: D1Database;
}

/** The shard of a project. A project is assigned once and never moves. */
export function shardOf(bindings: ShardBindings, _project: string): D1Database {
  return bindings.SHARD_0;
}
