/**
 * Live messages about syncs.
 * @module
 */
import type { SyncProgress, SyncStatus } from "../../../schema/wire/source";
import { notify } from "../../pipeline/live";

/** Publishes the progress or the end of a run. */
export function publishSyncing(
  env: Env,
  project: string,
  update: { source: string; run: string; status: SyncStatus; progress: SyncProgress },
): Promise<void> {
  return notify(env, [project], { type: "syncing", ...update });
}

/** Publishes that new data is available. */
export function publishSynced(env: Env, project: string, source: string, at: number): Promise<void> {
  return notify(env, [project], { type: "synced", source, at });
}
