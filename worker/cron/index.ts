/**
 * Scheduled jobs. The minute cron wakes the folder, because a wake-up call after a delivery can be lost.
 * @module
 */

import { HOUR_MS, MINUTE_MS } from "../lib/time";
import { expireUnconfirmed } from "../tenancy/accounts";
import { destroyOldSalts } from "../tenancy/projects";
import { pruneActivity } from "../workspace/activity";

/** What the jobs need. */
export interface CronBindings {
  CONTROL: D1Database;
  /** Wakes the folders. */
  wake(): Promise<void>;
  /** Starts the syncs that are due. */
  sync(now: number): Promise<unknown>;
  /** Clears the remains of deleted sources and seals secrets with the current key. */
  tidy(now: number): Promise<unknown>;
  /** Checks sources that no sync has, and sends the daily summaries that are due. */
  check(now: number): Promise<unknown>;
}

/** Interval of `tidy`. */
const TIDY_EVERY_MS = 5 * MINUTE_MS;

/**
 * Runs the jobs that are due at `scheduledTime`, epoch ms.
 * @throws AggregateError with the errors of the jobs that failed, after all have ended.
 */
export async function runSchedule(bindings: CronBindings, scheduledTime: number): Promise<void> {
  const isDue = (everyMs: number) => scheduledTime % everyMs < MINUTE_MS;
  const work = [bindings.wake(), bindings.sync(scheduledTime)];
  if (isDue(TIDY_EVERY_MS)) work.push(bindings.tidy(scheduledTime));
  if (isDue(HOUR_MS)) {
    work.push(
      destroyOldSalts(bindings.CONTROL, scheduledTime),
      expireUnconfirmed(bindings.CONTROL, scheduledTime),
      pruneActivity(bindings.CONTROL, scheduledTime),
      bindings.check(scheduledTime),
    );
  }
  const failed = (await Promise.allSettled(work)).filter((result) => result.status === "rejected");
  if (failed.length > 0)
    throw new AggregateError(
      failed.map(({ reason }) => reason),
      "scheduled jobs failed",
    );
}
