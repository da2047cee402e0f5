/**
 * Notifies the open pages of projects about changes and syncs, so that they do not poll.
 * @module
 */
import type { Frame } from "../../../schema/wire/live";
import { logError } from "../../lib/log";
import { retry } from "../../lib/retry";
import { groupByShard, type ShardBindings, storesOfShard } from "../../tenancy/projects";
import { watchedAmong } from "./store";
import type { Expelled } from "./subscribers";

/** Bindings needed to reach the rooms. */
export interface NotifyBindings extends ShardBindings {
  ROOM: {
    idFromName(name: string): DurableObjectId;
    get(id: DurableObjectId): RoomStub;
  };
}

/** Frames that come from outside the room; it makes all others itself. */
export type NotifyFrame = Extract<Frame, { type: "changed" | "syncing" | "synced" }>;

/** The RPC methods that are called here. */
interface RoomStub {
  notify(frame: NotifyFrame, only?: string): Promise<void>;
  expel(whose: Expelled): Promise<void>;
}

/** A room that fails is tried again within the five seconds in which lost access ends. */
const ATTEMPTS = { attempts: 4, backoff: { firstMs: 200, maxMs: 1_000 } };

/**
 * Sends a frame to the rooms of those projects that are watched; with `only`, to that user's sockets alone, for private
 * changes. A failure is logged: pages see the change when they next read.
 */
export async function notify(
  bindings: NotifyBindings,
  projects: readonly string[],
  frame: NotifyFrame,
  only?: string,
): Promise<void> {
  await callRooms(bindings, projects, (room) => room.notify(frame, only), Date.now());
}

/**
 * Closes sockets in the projects: they may not watch any more. Rooms that could not renew their watch are reached too. A
 * failure of all attempts is logged; the socket then closes within the hour, as each does.
 */
export async function expel(
  bindings: NotifyBindings,
  projects: readonly string[],
  whose: Expelled,
): Promise<void> {
  await callRooms(bindings, projects, (room) => room.expel(whose), 0);
}

/** Calls the rooms of those projects that are watched after `since`, epoch ms. */
async function callRooms(
  bindings: NotifyBindings,
  projects: readonly string[],
  call: (room: RoomStub) => Promise<void>,
  since: number,
): Promise<void> {
  const shards = [...(await groupByShard(bindings, projects))];
  const watched = await Promise.all(
    shards.map(([shard, ids]) => watchedAmong(storesOfShard(bindings, shard).db, ids, since)),
  );
  const { ROOM } = bindings;
  const results = await Promise.allSettled(
    watched.flat().map((project) => retry(() => call(ROOM.get(ROOM.idFromName(project))), ATTEMPTS)),
  );
  for (const result of results) {
    if (result.status === "rejected") {
      logError("A room could not be notified", result.reason);
    }
  }
}
