/**
 * Steps that several routes share: results of actions, and syncs.
 * @module
 */
import type { SyncRun, SyncTrigger } from "../../schema/wire/source";
import { isRefusal, type Refusal } from "../lib/refusal";
import { notify } from "../pipeline/live";
import { cancelSync, readRun, type StoredSource, startSync } from "../sources/connections";
import { problem } from "./errors";
import { defer } from "./request-context";

/** Returns the result of an action. Throws the problem when it was refused. */
export function accepted<T extends object | null>(result: T | Refusal): T {
  if (result && isRefusal(result)) problem(result.code, result.detail, result.errors);
  return result;
}

/** Starts a sync and shows it on open pages. Returns its id, or null when a sync is running. */
export async function beginSync(
  env: Env,
  source: StoredSource,
  trigger: SyncTrigger,
): Promise<string | null> {
  const run = await startSync(env, source, trigger, Date.now());
  if (run !== null) showRun(env, source, run);
  return run;
}

/** Cancels the running sync of a source. Returns false when none is running. */
export async function cancelRunning(env: Env, source: StoredSource): Promise<boolean> {
  const { id, running } = source;
  if (running === null || !(await cancelSync(env, { id: running, source: id }, Date.now()))) return false;
  showRun(env, source, running);
  return true;
}

/** Sends the state of a run to the project's open pages, after the response. */
function showRun(env: Env, { id: source, project_id }: StoredSource, run: string): void {
  const send = async () => {
    const found: SyncRun | null = await readRun(env.CONTROL, source, run);
    if (!found) return;
    const { status, progress } = found;
    await notify(env, [project_id], { type: "syncing", source, run, status, progress });
  };
  defer(send());
}
