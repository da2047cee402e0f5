/**
 * The product as a separate process, to be killed: `node kill-server.ts STATE`. It starts on command of its parent, and
 * answers the parent's queries about stored data, over the storage that it serves from.
 * @module
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { type Server, startServer } from "../../demo/server.ts";
import { openLake } from "./lake-files.ts";

/** A query: SQL over the shard's database, or over the lake in DuckDB. */
export interface Question {
  id: number;
  of: "shard" | "lake";
  sql: string;
}

/** Messages of the parent: first the command to start. */
export type Command = "start" | Question;

/** Messages of the process: its URL once, then a result for each query. */
export type Reply = { url: string } | { id: number; rows: unknown[] } | { id: number; error: string };

const send = (message: Reply) => process.send?.(message);

const state = process.argv[2];
if (!state) throw new Error("usage: kill-server.ts STATE");

async function start(): Promise<Server> {
  const server = await startServer({ port: 0, state: String(state), vars: { FOLD_INTERVAL_MS: "200" } });
  // Like the launcher: alarms that were set when the process died are not in memory.
  await server.tick();
  send({ url: server.url });
  return server;
}

async function ask({ miniflare }: Server, { of, sql }: Question): Promise<unknown[]> {
  if (of === "shard") return (await (await miniflare.getD1Database("SHARD_0")).prepare(sql).all()).results;
  const folder = mkdtempSync(path.join(tmpdir(), "selvedge-kill-lake-"));
  const lake = await openLake(miniflare, folder);
  try {
    return await lake.query(sql);
  } finally {
    lake.close();
    rmSync(folder, { recursive: true });
  }
}

let server: Promise<Server> | undefined;
process.on("message", async (command: Command) => {
  server ??= start();
  if (command === "start") return;
  const { id } = command;
  await ask(await server, command).then(
    (rows) => send({ id, rows }),
    (error) => send({ id, error: String(error) }),
  );
});
process.on("disconnect", () => process.exit());
