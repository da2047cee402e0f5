/**
 * The Folder: one Durable Object per shard, so that there is one writer. It works in `alarm()`, because alarms
 * survive restarts, coalesce, and are set again while there is work.
 * @module
 */

import { DurableObject } from "cloudflare:workers";
import { logError } from "../../lib/log";
import { D1_LIMITS } from "../../lib/platform-limits";
import { QueryCount } from "../../lib/query-count";
import { type Backoff, backoffMs } from "../../lib/retry";
import { HOUR_MS, MINUTE_MS, SECOND_MS } from "../../lib/time";
import { type ShardBindings, storesOfShard } from "../../tenancy/projects";
import { hasCommitsAfter } from "../commits";
import { watchedAmong, watchesOf } from "../live/store";
import { IdCache } from "./id-cache";
import { OpenCache } from "./open-cache";
import { Pace } from "./pace";
import { deriveMarked, foldAll } from "./run";
import { nextDueAt } from "./store";
import { collectGarbage, merge, seal } from "./tidy";
import { finishZoneChanges } from "./zone-change";

/** A round ends after this long, so that the next one starts with a new invocation's limits. */
const ROUND_MS = 20 * SECOND_MS;
/**
 * Shares of an invocation's queries after which a step does not begin more: what it has begun, and the steps after it,
 * fit into the rest. A derivation of 100,000 rows makes some dozens of queries, so does a transaction of a fold, 16
 * merges 90.
 */
const SHARES = { fold: 0.5, derive: 0.65, zones: 0.75, seal: 0.88, collect: 0.92 };
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

/** What a folder has done, stored once a round. Times are epoch ms. */
interface Rounds {
  folded_at: number;
  /** Every project is folded up to this commit. */
  until: number;
  /** When each task was last started. */
  tasks: Partial<Record<"merge" | "seal" | "collect", number>>;
  /** Where sealing continues, when it was interrupted. */
  sealing?: string | null;
}

export class Folder extends DurableObject<FolderEnv> {
  readonly #open = new OpenCache();
  readonly #ids = new IdCache();
  readonly #pace = new Pace(Number(this.env.FOLD_INTERVAL_MS));
  /** Epoch ms at which the running round, or the last one of this isolate, was started. */
  #startedAt = 0;

  /** Schedules a fold of the shard: now when the last one is at least an interval ago, else when the interval is over. */
  async wake(shard: number): Promise<void> {
    const { storage } = this.ctx;
    if ((await storage.get<number>("shard")) !== shard) await storage.put("shard", shard);
    const now = Date.now();
    const last = Math.max((await this.#rounds()).folded_at, this.#startedAt);
    const alarm = await storage.getAlarm();
    if (alarm !== null && alarm <= Math.max(now, last + this.#pace.intervalMs)) return;
    const { db } = storesOfShard(this.env, shard);
    const isWatched = async () => (await watchesOf(db, now)).length > 0;
    const at = Math.max(now, last + (await this.#pace.next(now, isWatched)));
    if (alarm === null || at < alarm) await storage.setAlarm(at);
  }

  /** Somebody asks for numbers of the shard: a fold that waits because the shard is quiet is not postponed any longer. */
  async attend(shard: number): Promise<void> {
    this.#pace.attend(Date.now());
    const { until } = await this.#rounds();
    if (await hasCommitsAfter(storesOfShard(this.env, shard).db, until)) await this.wake(shard);
  }

  override async alarm(): Promise<void> {
    const { storage } = this.ctx;
    this.#startedAt = Date.now();
    const next = await this.#round(this.#startedAt);
    const woken = await storage.getAlarm();
    if (next !== null && (woken === null || next < woken)) await storage.setAlarm(next);
  }

  async #rounds(): Promise<Rounds> {
    return (await this.ctx.storage.get<Rounds>("rounds")) ?? { folded_at: 0, until: 0, tasks: {} };
  }

  /** One round of work. Returns when the next one is needed (epoch ms), null when there is nothing left. */
  async #round(now: number): Promise<number | null> {
    const { storage } = this.ctx;
    const { db, lake } = storesOfShard(this.env, (await storage.get<number>("shard")) ?? 0);
    const queries = new QueryCount();
    const stores = { db: queries.of(db), lake };
    const rounds = await this.#rounds();
    const end = now + ROUND_MS;
    const isUsed = (step: keyof typeof SHARES) => () =>
      queries.prepared >= SHARES[step] * D1_LIMITS.queriesPerInvocation;
    const isTimeUp = (step: keyof typeof SHARES) => () => Date.now() >= end || isUsed(step)();
    const retries: number[] = [];
    const step = <T>(name: string, run: () => Promise<T>) => this.#step(name, retries, run);
    // A round a minute with nothing to do stores nothing.
    let isStored = false;
    const task = async (name: keyof Rounds["tasks"], everyMs: number, run: () => Promise<unknown>) => {
      if (now - (rounds.tasks[name] ?? 0) < everyMs) return;
      rounds.tasks[name] = now;
      isStored ||= everyMs > MINUTE_MS;
      await step(name, run);
    };

    const folded = await step("fold", () =>
      foldAll({ ...stores, open: this.#open, ids: this.#ids }, rounds.until, now, isTimeUp("fold")),
    );
    this.#pace.folded(folded?.events ?? 0, now - rounds.folded_at);
    rounds.folded_at = now;
    if (folded) {
      isStored = folded.until > rounds.until;
      rounds.until = folded.until;
    }
    const derived = await step("derive", () =>
      deriveMarked(stores, Date.now(), { dueOnly: true, isTimeUp: isTimeUp("derive") }),
    );
    // Not ended by the time: the next fold marks days again that are derived here.
    const rezoned = await step("zones", () => finishZoneChanges(stores, Date.now(), isUsed("zones")));
    const completed = new Map(
      [...(derived?.keys() ?? []), ...(rezoned ?? [])].map((project): [string, number] => [project, now]),
    );
    for (const [project, time] of folded?.completed ?? []) completed.set(project, time);
    await step("notify", () => this.#notifyRooms(stores.db, completed));

    await task("merge", 10 * SECOND_MS, () => merge(stores, rounds.until, now));
    await task("seal", rounds.sealing ? 0 : 10 * MINUTE_MS, async () => {
      rounds.sealing = await seal(stores, now, rounds.sealing ?? "", isTimeUp("seal"));
      isStored = true;
    });
    await task("collect", HOUR_MS, () => collectGarbage(stores, rounds.until, now, isTimeUp("collect")));
    if (isStored) await storage.put("rounds", rounds);
    const due = await step("schedule", () => nextDueAt(stores.db));
    const soon = Date.now() + this.#pace.intervalMs;
    if (folded?.more || rounds.sealing || rezoned?.length) retries.push(soon);
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
