/**
 * The Folder: one Durable Object per shard, so that there is one writer. It works in `alarm()`, because alarms
 * survive restarts, coalesce, and are set again while there is work.
 * @module
 */

import { DurableObject } from "cloudflare:workers";
import { logError } from "../../lib/log";
import { type Backoff, backoffMs } from "../../lib/retry";
import type { Stores } from "../../lib/stores";
import { HOUR_MS, MINUTE_MS, SECOND_MS } from "../../lib/time";
import { watchedAmong } from "../live/store";
import { OpenCache } from "./open-cache";
import { deriveMarked, foldAll } from "./run";
import { hasDirtyDays } from "./store";
import { collectGarbage, merge, seal } from "./tidy";

/** A round ends after this long, so that the next one starts with a new invocation's limits. */
const ROUND_MS = 20 * SECOND_MS;
/** Waits after failed rounds. */
const BACKOFF: Backoff = { firstMs: 2 * SECOND_MS, maxMs: MINUTE_MS };

/** The methods of the live rooms that the folder calls. */
interface Rooms {
  idFromName(name: string): DurableObjectId;
  get(id: DurableObjectId): { folded(completeUntil: number): Promise<void> };
}

interface FolderEnv {
  SHARD_0: D1Database;
  LAKE: R2Bucket;
  ROOM: Rooms;
  FOLD_INTERVAL_MS: string;
}

export class Folder extends DurableObject<FolderEnv> {
  readonly #open = new OpenCache();

  /** Schedules a fold: now when the last one is at least an interval ago, else when the interval is over. */
  async wake(): Promise<void> {
    const { storage } = this.ctx;
    if ((await storage.getAlarm()) !== null) return;
    const last = (await storage.get<number>("folded_at")) ?? 0;
    await storage.setAlarm(Math.max(Date.now(), last + Number(this.env.FOLD_INTERVAL_MS)));
  }

  override async alarm(): Promise<void> {
    const { storage } = this.ctx;
    try {
      const more = await this.#round(Date.now());
      await storage.delete("failures");
      if (more) await storage.setAlarm(Date.now() + Number(this.env.FOLD_INTERVAL_MS));
    } catch (error) {
      const failures = ((await storage.get<number>("failures")) ?? 0) + 1;
      await storage.put("failures", failures);
      await storage.setAlarm(Date.now() + backoffMs(failures, BACKOFF));
      logError("A round of the folder failed", error, { failures });
    }
  }

  /** One round of work; true when there is more. */
  async #round(now: number): Promise<boolean> {
    const { storage } = this.ctx;
    const stores: Stores = { db: this.env.SHARD_0, lake: this.env.LAKE };
    const end = now + ROUND_MS;
    const isTimeUp = () => Date.now() >= end;
    await storage.put("folded_at", now);

    const folded = await foldAll(
      { ...stores, open: this.#open },
      (await storage.get<number>("until")) ?? 0,
      now,
      isTimeUp,
    );
    await storage.put("until", folded.until);
    const derived = await deriveMarked(stores, Date.now(), { dueOnly: true, isTimeUp });
    await this.#notifyRooms(
      new Map([...[...derived.keys()].map((p): [string, number] => [p, now]), ...folded.completed]),
    );

    if (await this.#isDue("merged_at", now, 10 * SECOND_MS)) await merge(stores, folded.until, now);
    if (await this.#isDue("sealed_at", now, 10 * MINUTE_MS)) await seal(stores, now);
    if (await this.#isDue("collected_at", now, HOUR_MS)) await collectGarbage(stores, folded.until, now);
    return folded.more || (await hasDirtyDays(stores.db));
  }

  async #isDue(name: string, now: number, everyMs: number): Promise<boolean> {
    const last = (await this.ctx.storage.get<number>(name)) ?? 0;
    if (now - last < everyMs) return false;
    await this.ctx.storage.put(name, now);
    return true;
  }

  /** Notifies the rooms of watched projects that there are new numbers. */
  async #notifyRooms(completed: ReadonlyMap<string, number>): Promise<void> {
    if (!completed.size) return;
    const watched = await watchedAmong(this.env.SHARD_0, [...completed.keys()], Date.now());
    const rooms = this.env.ROOM;
    await Promise.allSettled(
      watched.map((project) =>
        rooms.get(rooms.idFromName(project)).folded(completed.get(project) ?? Date.now()),
      ),
    );
  }
}

/** Bindings needed to reach the folder. */
export interface FolderBindings {
  FOLDER: { idFromName(name: string): DurableObjectId; get(id: DurableObjectId): { wake(): Promise<void> } };
}

/** Wakes the folder of shard 0. */
export async function wakeFolder({ FOLDER }: FolderBindings): Promise<void> {
  await FOLDER.get(FOLDER.idFromName("shard-0")).wake();
}
