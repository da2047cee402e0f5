/**
 * Telling the pages of projects what somebody changed or a sync has read, so that they need not ask again and again.
 * @module
 */
import type { Frame } from "../../../schema/wire/live";
import { type ShardBindings, shardOf } from "../../tenancy/projects";
import { watchedAmong } from "./store";

/** What it takes to reach the rooms. */
export interface NotifyBindings extends ShardBindings {
  ROOM: {
    idFromName(name: string): DurableObjectId;
    get(id: DurableObjectId): RoomStub;
  };
}

/** What pages are told: everything else a room works out itself. */
export type NotifyFrame = Extract<Frame, { type: "changed" | "syncing" | "synced" }>;

/** What a room can be told. */
interface RoomStub {
  notify(frame: NotifyFrame, only?: string): Promise<void>;
  expel(user: string): Promise<void>;
}

/**
 * Tells the watched ones among the projects; with `only` nobody but that user, for what is private to them. A room that
 * does not hear it is logged: its pages see the change when they next read.
 */
export async function notify(
  bindings: NotifyBindings,
  projects: readonly string[],
  frame: NotifyFrame,
  only?: string,
): Promise<void> {
  await callRooms(bindings, projects, (room) => room.notify(frame, only));
}

/** Closes the sockets that a user has in the projects: they may not watch any more. */
export async function expel(
  bindings: NotifyBindings,
  projects: readonly string[],
  user: string,
): Promise<void> {
  await callRooms(bindings, projects, (room) => room.expel(user));
}

async function callRooms(
  bindings: NotifyBindings,
  projects: readonly string[],
  say: (room: RoomStub) => Promise<void>,
): Promise<void> {
  const now = Date.now();
  const shards = [...Map.groupBy(projects, (project) => shardOf(bindings, project))];
  const watched = await Promise.all(shards.map(([shard, ids]) => watchedAmong(shard, ids, now)));
  const { ROOM } = bindings;
  const told = await Promise.allSettled(
    watched.flat().map((project) => say(ROOM.get(ROOM.idFromName(project)))),
  );
  for (const result of told) {
    if (result.status === "rejected") {
      console.error(JSON.stringify({ message: "a room was not told", error: String(result.reason) }));
    }
  }
}
