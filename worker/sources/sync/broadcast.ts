/**
 * What open pages hear of syncs.
 * @module
 */
import type { SyncProgress, SyncStatus } from "../../../schema/wire/source";
import { tell } from "../../pipeline/live";

/** Says how far a run has come, or how it ended. */
export function publishSyncing(
  env: Env,
  project: string,
  said: { source: string; run: string; status: SyncStatus; progress: SyncProgress },
): Promise<void> {
  return tell(env, [project], { type: "syncing", ...said });
}

/** Says that there are new numbers. */
export function publishSynced(env: Env, project: string, source: string, at: number): Promise<void> {
  return tell(env, [project], { type: "synced", source, at });
}
