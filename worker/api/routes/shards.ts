/**
 * The shards of the deployment, for its operator.
 * @module
 */
import { OpenAPIHono } from "@hono/zod-openapi";
import { type Shard, shardListSchema } from "../../../schema/wire/shard";
import { HOUR_MS } from "../../lib/time";
import { countEventsSince } from "../../pipeline/commits";
import { countByShard, shardNumbers, sizeOf, storesOfShard } from "../../tenancy/projects";
import type { AppEnv } from "../context";
import { answers, route } from "../route";

const list = route({
  method: "get",
  path: "/shards",
  access: "operator",
  tags: ["Projects"],
  summary: "Size and load of the databases with the data of projects",
  description: "For the operator of the deployment: the bearer token is its secret `OPERATOR_TOKEN`.",
  responses: answers(200, shardListSchema, "By number"),
});

/** `GET /shards`. */
export const shardRoutes = new OpenAPIHono<AppEnv>().openapi(list, async (c) => {
  const projects = await countByShard(c.env.CONTROL);
  const since = Date.now() - HOUR_MS;
  const describe = async (shard: number): Promise<Shard> => {
    const { db } = storesOfShard(c.env, shard);
    const [bytes, events_last_hour] = await Promise.all([sizeOf(db), countEventsSince(db, since)]);
    return { shard, bytes, projects: projects.get(shard) ?? 0, events_last_hour };
  };
  return c.json({ data: await Promise.all(shardNumbers(c.env).map(describe)) }, 200);
});
