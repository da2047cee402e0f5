/**
 * Shards: the databases with the data of projects, as their operator sees them.
 * @module
 */
import { z } from "zod";

export const shardSchema = z.object({
  /** The shard has the binding `SHARD_<n>`. */
  shard: z.number().int(),
  /** Size of its database. */
  bytes: z.number().int(),
  projects: z.number().int(),
  /** Events stored in the last hour. */
  events_last_hour: z.number().int(),
});
export const shardListSchema = z.object({ data: z.array(shardSchema) });
export type Shard = z.output<typeof shardSchema>;
