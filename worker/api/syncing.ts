/**
 * What the routes of sources and of their runs have in common.
 * @module
 */
import type { SyncRun, SyncTrigger } from "../../schema/wire/source";
import { tell } from "../pipeline/live";
import { cancelSync, readRun, type StoredSource, startSync } from "../sources/connections";
import { defer } from "./request-context";

/** Starts a sync and shows it to open pages. Null when one is going on. */
export async function begin(env: Env, source: StoredSource, trigger: SyncTrigger): Promise<string | null> {
  const run = await startSync(env, source, trigger, Date.now());
  if (run !== null) show(env, source, run);
  return run;
}

/** Ends the sync of a source that is going on. False when none is. */
export async function cancelRunning(env: Env, source: StoredSource): Promise<boolean> {
  const { id, running } = source;
  if (running === null || !(await cancelSync(env, { id: running, source: id }, Date.now()))) return false;
  show(env, source, running);
  return true;
}

/** Tells the pages of the project how a run stands, after the answer. */
function show(env: Env, { id: source, project_id }: StoredSource, run: string): void {
  const told = async () => {
    const found: SyncRun | null = await readRun(env.CONTROL, source, run);
    if (found)
      await tell(env, [project_id], {
        type: "syncing",
        source,
        run,
        status: found.status,
        progress: found.progress,
      });
  };
  defer(told());
}
