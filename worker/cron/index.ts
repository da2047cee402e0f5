/**
 * What the clock starts. The minute cron wakes the folder, which forgets nothing but could have missed a wake-up call.
 * @module
 */
import { pruneActivity } from "../discussion";
import { HOUR_MS, MINUTE_MS } from "../lib/time";
import { destroyOldSalts } from "../projects";

/** What the schedule needs. */
export interface CronBindings {
  CONTROL: D1Database;
  /** Wakes the shard's folder. */
  wake(): Promise<void>;
}

/** Runs what is due at `scheduledTime`, epoch ms. */
export async function runSchedule(bindings: CronBindings, scheduledTime: number): Promise<void> {
  await bindings.wake();
  if (scheduledTime % HOUR_MS >= MINUTE_MS) return;
  await Promise.all([
    destroyOldSalts(bindings.CONTROL, scheduledTime),
    pruneActivity(bindings.CONTROL, scheduledTime),
  ]);
}
