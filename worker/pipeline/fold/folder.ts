/**
 * The Folder: one Durable Object per shard, so that there is one writer. It works in `alarm()`, because alarms
 * survive restarts, coalesce, and are set again while there is work.
 * @module
 */

import { DurableObject } from "cloudflare:workers";
import { logError } from "../../lib/log";
import { type Backoff, backoffMs } from "../../lib/retry";
import { HOUR_MS, MINUTE_MS, SECOND_MS } from "../../lib/time";
import { type ShardBindings, storesOfShard } from "../../tenancy/projects";
import { watchedAmong } from "../live/store";
import { IdCache } from "./id-cache";
import { OpenCache } from "./open-cache";
import { deriveMarked, foldAll } from "./run";
import { nextDueAt } from "./store";
import { collectGarbage, merge, seal } from "./tidy";

/** A round ends after this long, so that the next one starts with a new invocation's limits. */
const ROUND_MS = 20 * SECOND_MS;
/** Waits after a step failed. */
const BACKOFF: Backoff = { firstMs: 2 * SECOND_MS, maxMs: MINUTE_MS };

/** How often a step failed in a row, and when it is tried again (epoch ms). */
interface StepFailure {
  failures: number;
  retryAt: number;
}

/** The methods of the live rooms that the folder calls. */
interface Rooms {
  idFromName(name: string): DurableObjectId;
  get(id: DurableObjectId): { folded(completeUntil: number): Promise<void> };
}

interface FolderEnv extends ShardBindings {
  ROOM: Rooms;
  FOLD_INTERVAL_MS: string;
}

export class Folder extends DurableObject<FolderEnv> {
  readonly #open = new OpenCache();
  readonly #ids = new IdCache();

  /** Schedules a fold of the shard: now when the last one is at least an interval ago, else when the interval is over. */
  async wake(shard: number): Promise<void> {
    const { storage } = this.ctx;
    if ((await storage.get<number>("shard")) !== shard) await storage.put("shard", shard);
    if ((await storage.getAlarm()) !== null) return;
    const last = (await storage.get<number>("folded_at")) ?? 0;
    await storage.setAlarm(Math.max(Date.now(), last + Number(this.env.FOLD_INTERVAL_MS)));
  }

  override async alarm(): Promise<void> {
    const { storage } = this.ctx;
    const next = await this.#round(Date.now());
    if (next !== null) await storage.setAlarm(next);
  }

  /** One round of work. Returns when the next one is needed (epoch ms), null when there is nothing left. */
  async #round(now: number): Promise<number | null> {
    const { storage } = this.ctx;
    const stores = storesOfShard(this.env, (await storage.get<number>("shard")) ?? 0);
    const end = now + ROUND_MS;
    const isTimeUp = () => Date.now() >= end;
    const retries: number[] = [];
    const step = <T>(name: string, run: () => Promise<T>) => this.#step(name, retries, run);
    await storage.put("folded_at", now);

    const until = (await storage.get<number>("until")) ?? 0;
    const folded = await step("fold", () =>
      foldAll({ ...stores, open: this.#open, ids: this.#ids }, until, now, isTimeUp),
    );
    if (folded) await storage.put("until", folded.until);
    const derived = await step("derive", () => deriveMarked(stores, Date.now(), { dueOnly: true, isTimeUp }));
    const completed = new Map(
      [...(derived?.keys() ?? [])].map((project): [string, number] => [project, now]),
    );
    for (const [project, time] of folded?.completed ?? []) completed.set(project, time);
    await step("notify", () => this.#notifyRooms(stores.db, completed));

    const foldedSeq = folded?.until ?? until;
    if (await this.#isDue("merged_at", now, 10 * SECOND_MS))
      await step("merge", () => merge(stores, foldedSeq, now));
    if (await this.#isDue("sealed_at", now, 10 * MINUTE_MS)) await step("seal", () => seal(stores, now));
    if (await this.#isDue("collected_at", now, HOUR_MS))
      await step("collect", () => collectGarbage(stores, foldedSeq, now));
    const due = await step("schedule", () => nextDueAt(stores.db));
    const soon = Date.now() + Number(this.env.FOLD_INTERVAL_MS);
    if (folded?.more) retries.push(soon);
    if (due !== null && due !== undefined) retries.push(Math.max(soon, due));
    return retries.length ? Math.min(...retries) : null;
  }

  /**
   * Runs one step of a round. A step that fails does not stop the others; it waits longer after each failure, and
   * `retries` gets the time of its next attempt (epoch ms). Returns undefined when it failed or still waits.
   */
  async #step<T>(name: string, retries: number[], run: () => Promise<T>): Promise<T | undefined> {
    const { storage } = this.ctx;
    const key = `failed ${name}`;
    const failed = await storage.get<StepFailure>(key);
    if (failed && failed.retryAt > Date.now()) {
      retries.push(failed.retryAt);
      return undefined;
    }
    try {
      const result = await run();
      if (failed) await storage.delete(key);
      return result;
    } catch (error) {
      const failures = (failed?.failures ?? 0) + 1;
      const retryAt = Date.now() + backoffMs(failures, BACKOFF);
      await storage.put<StepFailure>(key, { failures, retryAt });
      retries.push(retryAt);
      logError("A step of the folder failed", error, { step: name, failures });
      return undefined;
    }
  }

  async #isDue(name: string, now: number, everyMs: number): Promise<boolean> {
    const last = (await this.ctx.storage.get<number>(name)) ?? 0;
    if (now - last < everyMs) return false;
    await this.ctx.storage.put(name, now);
    return true;
  }

  /** Notifies the rooms of watched projects that there are new numbers. */
  async #notifyRooms(db: D1Database, completed: ReadonlyMap<string, number>): Promise<void> {
    if (!completed.size) return;
    const watched = await watchedAmong(db, [...completed.keys()], Date.now());
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
  FOLDER: {
    idFromName(name: string): DurableObjectId;
    get(id: DurableObjectId): { wake(shard: number): Promise<void> };
  };
}

/** Wakes the folder of a shard. */
export async function wakeFolder({ FOLDER }: FolderBindings, shard: number): Promise<void> {
  await FOLDER.get(FOLDER.idFromName(`shard-${shard}`)).wake(shard);
}
