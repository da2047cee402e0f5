/**
 * Maintenance between syncs: deleting the data of deleted sources, pruning old runs, resealing secrets, testing models.
 * @module
 */
import { DAY_MS, MINUTE_MS } from "../../lib/time";
import { resealConfigs } from "../../outbound/notify";
import { storesOf } from "../../tenancy/projects";
import { deletedSources, pruneOldRuns, removeSource, resealSecrets } from "../connections";
import { removeSourceRecords } from "../records";
import { buildStep, testDueModels } from "./building";

/** Maximum rows of one statement, and statements of one call. */
const ROWS = 2_000;
const ROUNDS = 50;
const SOURCES = 5;
/** Time of day at which old runs are deleted; cron calls every five minutes. */
const NIGHTLY_MS = 5 * MINUTE_MS;

/** Does a bounded amount of maintenance; the rest follows at the next call. */
export async function tidy(env: Env, now: number): Promise<void> {
  await resealSecrets(env);
  await resealConfigs(env);
  if (now % DAY_MS < NIGHTLY_MS) await pruneOldRuns(env.CONTROL, now);
  let left = ROUNDS;
  for (const { id, project_id } of await deletedSources(env.CONTROL, SOURCES)) {
    const { db } = await storesOf(env, project_id);
    let more = true;
    while (more && left-- > 0) more = await removeSourceRecords(db, project_id, id, ROWS);
    if (more) continue;
    await buildStep(env, project_id);
    await removeSource(env.CONTROL, id);
  }
  await testDueModels(env, now);
}
