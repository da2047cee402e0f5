/**
 * What the clock starts. The minute cron wakes the folder, which forgets nothing but could have missed a wake-up call.
 * @module
 */

import { HOUR_MS, MINUTE_MS } from "../lib/time";
import { destroyOldSalts } from "../tenancy/projects";
import { pruneActivity } from "../workspace/activity";

/** What the schedule needs. */
export interface CronBindings {
  CONTROL: D1Database;
  /** Wakes the shard's folder. */
  wake(): Promise<void>;
  /** Starts the syncs that are due. */
  sync(now: number): Promise<unknown>;
  /** Clears what is left of deleted sources and seals secrets with the current key. */
  tidy(now: number): Promise<unknown>;
  /** Checks sources that no sync has, and sends the daily summaries that are due. */
  check(now: number): Promise<unknown>;
}

/** How often what people have deleted and rotated is looked for. */
const TIDY_EVERY_MS = 5 * MINUTE_MS;

/** Runs what is due at `scheduledTime`, epoch ms. */
export async function runSchedule(bindings: CronBindings, scheduledTime: number): Promise<void> {
  const isDue = (everyMs: number) => scheduledTime % everyMs < MINUTE_MS;
  const work = [bindings.wake(), bindings.sync(scheduledTime)];
  if (isDue(TIDY_EVERY_MS)) work.push(bindings.tidy(scheduledTime));
  if (isDue(HOUR_MS)) {
    work.push(
      destroyOldSalts(bindings.CONTROL, scheduledTime),
      pruneActivity(bindings.CONTROL, scheduledTime),
      bindings.check(scheduledTime),
    );
  }
  // What fails keeps back nothing else, and is seen in the log of the invocation.
  const failed = (await Promise.allSettled(work)).filter((result) => result.status === "rejected");
  if (failed.length > 0)
    throw new AggregateError(
      failed.map(({ reason }) => reason),
      "the schedule failed",
    );
}
