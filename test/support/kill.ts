/**
 * A product that can be killed as by a power failure, and started again on the same state.
 * @module
 */
import { type ChildProcess, spawn } from "node:child_process";
import path from "node:path";
import type { Command, Question, Reply } from "./kill-server.ts";

/** A running product. */
export interface Victim {
  url: string;
  /** Rows of a shard's database, as objects. @throws the error of the database */
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
  const answers = new Map<number, (reply: Reply) => void>();
  const send = (command: Command) => child.send(command);
  const url = await new Promise<string>((resolve, reject) => {
    child.once("exit", (code) => reject(new Error(`the server ended with ${code} before it was ready`)));
    child.on("message", (reply: Reply) => {
      if ("url" in reply) resolve(reply.url);
      else answers.get(reply.id)?.(reply);
    });
    send("start");
  });
  let command = 0;
  const ask =
    (of: Question["of"]) =>
    <T>(sql: string) =>
      new Promise<T[]>((resolve, reject) => {
        const id = ++command;
        answers.set(id, (reply) => {
          if ("rows" in reply) resolve(reply.rows as T[]);
          else if ("error" in reply) reject(new Error(`${sql}: ${reply.error}`));
        });
        send({ id, of, sql });
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
