/**
 * The product as a process of its own, to be killed: `node kill-server.ts STATE`. It starts when its parent says so, and
 * answers its questions about what is stored, over the same storage that it serves from.
 * @module
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { type Server, startServer } from "../../demo/server.ts";
import { openLake } from "./lake-files.ts";

/** A question: SQL over the shard's database, or over the lake as DuckDB sees it. */
export interface Question {
  id: number;
  of: "shard" | "lake";
  sql: string;
}

/** What the parent says: first that it shall start. */
export type Asked = "start" | Question;

/** What the process says: once where it can be reached, then an answer to each question. */
export type Said = { url: string } | { id: number; rows: unknown[] } | { id: number; error: string };

const say = (message: Said) => process.send?.(message);

const state = process.argv[2];
if (!state) throw new Error("usage: kill-server.ts STATE");

async function start(): Promise<Server> {
  const server = await startServer({ port: 0, state: String(state), vars: { FOLD_INTERVAL_MS: "200" } });
  // What the launcher does: alarms that were set when the process died are not in any memory.
  await server.tick();
  say({ url: server.url });
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
process.on("message", async (asked: Asked) => {
  server ??= start();
  if (asked === "start") return;
  const { id } = asked;
  await ask(await server, asked).then(
    (rows) => say({ id, rows }),
    (error) => say({ id, error: String(error) }),
  );
});
process.on("disconnect", () => process.exit());
