/**
 * The part of the bucket that belongs to shard 0, as the product uses it.
 * @module
 */
import { env } from "cloudflare:workers";
import { storesOfShard } from "../../worker/tenancy/projects";

export const { lake: LAKE } = storesOfShard(env, 0);
