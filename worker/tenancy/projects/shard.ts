/**
 * Shards: the databases with the data of projects. Each has the binding `SHARD_<n>`, a Folder, and its own part of the
 * bucket. A project is in one shard, which its row in the control database names.
 * @module
 */
import { count, isNull, sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import { projects } from "../../../schema/tables/control";
import { bucketUnder } from "../../lib/bucket";
import { Lru } from "../../lib/lru";
import { inJson } from "../../lib/sql";
import type { Stores } from "../../lib/stores";

/** The bindings of the shards. Those after the first are found by name. */
export interface ShardBindings {
  CONTROL: D1Database;
  LAKE: R2Bucket;
  SHARD_0: D1Database;
}

/** Differences in size below this are not load: a project goes to the first of the shards that are about equally full. */
const STEP_BYTES = 256 * 1024 * 1024;
/** How long an isolate uses the shard of a project that it has read. */
const KNOWN_MS = 60_000;
const MAX_KNOWN = 20_000;

const known = new Lru<string, number>({ maxEntries: MAX_KNOWN, maxAgeMs: KNOWN_MS });

function databaseOf(bindings: ShardBindings, shard: number): D1Database | undefined {
  return (bindings as ShardBindings & Record<string, unknown>)[`SHARD_${shard}`] as D1Database | undefined;
}

/** The numbers of the deployment's shards: 0, 1, … */
export function shardNumbers(bindings: ShardBindings): number[] {
  const numbers: number[] = [];
  while (databaseOf(bindings, numbers.length)) numbers.push(numbers.length);
  return numbers;
}

/** The storage of a shard. @throws when the deployment has no binding for it */
export function storesOfShard(bindings: ShardBindings, shard: number): Stores {
  const db = databaseOf(bindings, shard);
  if (!db) throw new Error(`There is no binding SHARD_${shard}`);
  return { db, lake: bucketUnder(bindings.LAKE, `shard=${shard}/`) };
}

/** The number of the project's shard; 0 for a project that does not exist. */
export async function shardOf(bindings: ShardBindings, project: string): Promise<number> {
  return (await shardsOf(bindings, [project])).get(project) ?? 0;
}

/** The storage of the project's shard. */
export async function storesOf(bindings: ShardBindings, project: string): Promise<Stores> {
  return storesOfShard(bindings, await shardOf(bindings, project));
}

/** Projects by the number of their shard. Those that do not exist are in 0. */
export async function groupByShard(
  bindings: ShardBindings,
  ids: readonly string[],
): Promise<Map<number, string[]>> {
  const shards = await shardsOf(bindings, ids);
  return Map.groupBy(ids, (id) => shards.get(id) ?? 0);
}

async function shardsOf(bindings: ShardBindings, ids: readonly string[]): Promise<Map<string, number>> {
  const shards = new Map<string, number>();
  if (!databaseOf(bindings, 1)) return shards;
  const missing: string[] = [];
  for (const id of ids) {
    const shard = known.get(id);
    if (shard === undefined) missing.push(id);
    else shards.set(id, shard);
  }
  if (!missing.length) return shards;
  const rows = await drizzle(bindings.CONTROL)
    .select({ id: projects.id, shard: projects.shard })
    .from(projects)
    .where(inJson(projects.id, missing));
  for (const { id, shard } of rows) {
    known.set(id, shard);
    shards.set(id, shard);
  }
  return shards;
}

/** The shard for a new project: the emptiest one. */
export async function pickShard(bindings: ShardBindings): Promise<number> {
  const numbers = shardNumbers(bindings);
  const sizes = await Promise.all(numbers.map((shard) => sizeOf(storesOfShard(bindings, shard).db)));
  const steps = sizes.map((bytes) => Math.floor(bytes / STEP_BYTES));
  return steps.indexOf(Math.min(...steps));
}

/** The bytes of a database (D1 › Return object › `meta.size_after`). */
export async function sizeOf(db: D1Database): Promise<number> {
  const { meta } = await drizzle(db).run(sql`SELECT 1`);
  return meta.size_after;
}

/** The number of projects in each shard that has some. */
export async function countByShard(control: D1Database): Promise<Map<number, number>> {
  const rows = await drizzle(control)
    .select({ shard: projects.shard, count: count() })
    .from(projects)
    .where(isNull(projects.deleted_at))
    .groupBy(projects.shard);
  return new Map(rows.map((row) => [row.shard, row.count]));
}
