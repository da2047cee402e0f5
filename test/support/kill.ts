/**
 * A product that can be killed as by a power failure, and started again on the same state.
 * @module
 */
import { type ChildProcess, spawn } from "node:child_process";
import path from "node:path";
import type { Asked, Question, Said } from "./kill-server.ts";

/** A running product. */
export interface Victim {
  url: string;
  /** Rows of a shard's database, as objects. @throws what the database said. */
  shard<T>(sql: string): Promise<T[]>;
  /** Rows of the lake, as arrays. */
  lake<T>(sql: string): Promise<T[]>;
  /** Sends SIGKILL to the process and its children; resolves when they have ended. */
  kill(): Promise<void>;
}

/**
 * Loads a process, which takes a second, and returns a function that starts it and resolves when it is ready.
 * @throws when it ends before that.
 */
export function makeVictim(state: string): () => Promise<Victim> {
  // A separate process group, since workerd is a child of the child.
  const child = spawn(process.execPath, [path.join(import.meta.dirname, "kill-server.ts"), state], {
    stdio: ["ignore", "inherit", "inherit", "ipc"],
    detached: true,
  });
  return () => start(child);
}

async function start(child: ChildProcess): Promise<Victim> {
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const answers = new Map<number, (said: Said) => void>();
  const tell = (asked: Asked) => child.send(asked);
  const url = await new Promise<string>((resolve, reject) => {
    child.once("exit", (code) => reject(new Error(`the server ended with ${code} before it was ready`)));
    child.on("message", (said: Said) => {
      if ("url" in said) resolve(said.url);
      else answers.get(said.id)?.(said);
    });
    tell("start");
  });
  let asked = 0;
  const ask =
    (of: Question["of"]) =>
    <T>(sql: string) =>
      new Promise<T[]>((resolve, reject) => {
        const id = ++asked;
        answers.set(id, (said) => {
          if ("rows" in said) resolve(said.rows as T[]);
          else if ("error" in said) reject(new Error(`${sql}: ${said.error}`));
        });
        tell({ id, of, sql });
      });
  return {
    url,
    shard: ask("shard"),
    lake: ask("lake"),
    async kill() {
      killGroup(child);
      await ended;
    },
  };
}

function killGroup({ pid }: ChildProcess): void {
  if (pid !== undefined) process.kill(-pid, "SIGKILL");
}
