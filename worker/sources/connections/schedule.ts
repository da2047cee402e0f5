/**
 * Starting and canceling syncs: scheduled, manual or after connecting. A run is a row with the lease, and a workflow instance with the
 * same id that does the work.
 * @module
 */
import { ulid } from "ulid";
import type { SyncTrigger } from "../../../schema/wire/source";
import { logError } from "../../lib/log";
import { DAY_MS } from "../../lib/time";
import { beginRun, endRun, pruneRuns } from "./run-store";
import { dueSources, type StoredSource } from "./store";

/** Parameters of the workflow. */
export interface SyncParams {
  source: string;
  run: string;
}

/** Bindings to start syncs. */
export interface StartBindings {
  CONTROL: D1Database;
  SYNC: {
    create(options: { id: string; params: SyncParams }): Promise<unknown>;
    get(id: string): Promise<{ terminate(): Promise<void> }>;
  };
}

/** Sources started per minute; the others follow a minute later. */
const PER_TICK = 100;
const RUN_RETENTION_MS = 90 * DAY_MS;

/** Starts a sync. Returns the id of its run; null when one is running. */
export async function startSync(
  { CONTROL, SYNC }: StartBindings,
  source: Pick<StoredSource, "id" | "project_id">,
  trigger: SyncTrigger,
  now: number,
): Promise<string | null> {
  const id = ulid(now).toLowerCase();
  const run = { id, source: source.id, project: source.project_id, trigger };
  if (!(await beginRun(CONTROL, run, now))) return null;
  try {
    await SYNC.create({ id, params: { source: source.id, run: id } });
  } catch (cause) {
    const error = {
      code: "internal",
      message: "The sync could not be started.",
      stream: null,
      at: now,
    } as const;
    await endRun(CONTROL, run, { status: "failed", error }, now);
    throw new Error(`sync of ${source.id} could not be started`, { cause });
  }
  return id;
}

/** Starts due sources, including those with an expired lease. A failure does not affect the others. */
export async function startDue(bindings: StartBindings, now: number): Promise<number> {
  const due = await dueSources(bindings.CONTROL, now, PER_TICK);
  const started = await Promise.allSettled(due.map((source) => startSync(bindings, source, "schedule", now)));
  for (const result of started)
    if (result.status === "rejected") logError("a sync could not be started", result.reason);
  return started.filter((result) => result.status === "fulfilled" && result.value !== null).length;
}

/** Cancels a running sync; data it has read stays. Returns false when it had ended. */
export async function cancelSync(
  { CONTROL, SYNC }: StartBindings,
  run: { id: string; source: string },
  now: number,
): Promise<boolean> {
  const isEnded = await endRun(CONTROL, run, { status: "canceled", error: null }, now);
  // The run stops by itself at its next step; this only stops it earlier.
  if (isEnded)
    await SYNC.get(run.id).then(
      (instance) => instance.terminate(),
      () => {},
    );
  return isEnded;
}

/** Deletes old runs; called once a day. */
export async function pruneOldRuns(control: D1Database, now: number): Promise<void> {
  await pruneRuns(control, now - RUN_RETENTION_MS);
}
