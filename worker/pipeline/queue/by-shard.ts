/**
 * Divides a delivery among shards.
 * @module
 */
import { logError } from "../../lib/log";
import { groupByShard, type ShardBindings } from "../../tenancy/projects";
import { retryLater } from "./backoff";
import { projectIn } from "./park";
import { type Part, split } from "./split";

/**
 * Calls `handle` for each shard with the messages of its projects; those without a project belong to shard 0. When the
 * shards of the projects cannot be read, all messages are delivered again later.
 */
export async function forEachShard(
  bindings: ShardBindings,
  deliveries: readonly Message[],
  handle: (shard: number, messages: readonly Part[]) => Promise<void>,
): Promise<void> {
  const messages = deliveries.flatMap(split);
  const byProject = Map.groupBy(messages, ({ body }) => projectIn(body) ?? "");
  let shards: Map<number, string[]>;
  try {
    shards = await groupByShard(bindings, [...byProject.keys()]);
  } catch (error) {
    logError("The shards of a delivery could not be read", error, { messages: messages.length });
    for (const delivery of messages) retryLater(delivery);
    return;
  }
  await Promise.all(
    [...shards].map(([shard, projects]) =>
      handle(
        shard,
        projects.flatMap((id) => byProject.get(id) ?? []),
      ),
    ),
  );
}
