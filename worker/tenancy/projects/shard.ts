/**
 * Where a project's pipeline data lives.
 * @module
 */

/** The shard bindings of the deployment. A further shard is one more here. */
export interface ShardBindings {
  SHARD_0: D1Database;
}

/** The shard of a project. A project is placed once and never moves. */
export function shardOf(bindings: ShardBindings, _project: string): D1Database {
  return bindings.SHARD_0;
}
