/**
 * The lake for other engines: Parquet files on disk, read by DuckDB.
 * @module
 */
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import type { Miniflare } from "miniflare";

export type Value = string | number | boolean | null;

/** A connection over the live segments of dataset `events`, as the view `events`. */
export async function openLake(
  miniflare: Miniflare,
  folder: string,
): Promise<{ query(sql: string): Promise<Value[][]>; close(): void }> {
  const shard = await miniflare.getD1Database("SHARD_0");
  const bucket = await miniflare.getR2Bucket("LAKE");
  const { results } = await shard
    .prepare("SELECT level, id FROM segments WHERE dataset = 'events' AND dead_at IS NULL")
    .all<{ level: number; id: string }>();
  mkdirSync(folder, { recursive: true });
  for (const { level, id } of results) {
    const name = `${level}-${id}.parquet`;
    const object = await bucket.get(`shard=0/lake/v1/events/log/${name}`);
    if (!object) throw new Error(`the manifest names ${name}, which is not in the bucket`);
    writeFileSync(path.join(folder, name), Buffer.from(await object.arrayBuffer()));
  }
  const instance = await DuckDBInstance.create();
  const connection = await instance.connect();
  await connection.run(`CREATE VIEW events AS SELECT * FROM read_parquet('${folder}/*.parquet')`);
  return {
    async query(sql) {
      const reader = await connection.runAndReadAll(sql);
      return reader.getRowsJson().map((row) => row.map(plain));
    },
    close: () => connection.closeSync(),
  };
}

function plain(value: unknown): Value {
  if (typeof value === "string" && /^-?\d+(\.\d+)?$/.test(value)) return Number(value);
  return value as Value;
}
