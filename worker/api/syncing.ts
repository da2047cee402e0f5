/**
 * What the routes of sources and of their runs have in common.
 * @module
 */
import { cancelSync, type StoredSource } from "../sources";

/** Ends the sync of a source that is going on. False when none is. */
export async function cancelRunning(env: Env, { id, running }: StoredSource): Promise<boolean> {
  return running !== null && cancelSync(env, { id: running, source: id }, Date.now());
}
