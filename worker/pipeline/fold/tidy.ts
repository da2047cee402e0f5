/**
 * Maintenance of a shard between folds: sealing, merging, garbage collection, retention.
 * @module
 */

import { rowsKey } from "../../../schema/tables/generation";
import type { SealedRollupRow, SessionRow } from "../../../schema/wire/derived";
import type { Stores } from "../../lib/stores";
import { DAY_MS } from "../../lib/time";
import { DROPS_RETENTION_MS, deleteCommits, dropApplied, listMissing } from "../commits";
import { collect, mergeStep } from "../lake";
import { type Validity, validityOf } from "../rollup";
import { purgeDeleted } from "./purge";
import { sealDays, sealRollups, sealSessions } from "./seal";
import { deleteExpired, derivations } from "./upkeep-store";
import { purgeRetired } from "./zone-change";

/** Retention of commits after they were folded, for debugging deliveries. */
const COMMITS_RETENTION_MS = 7 * DAY_MS;
/** Merges in one round; the next round continues. */
const MAX_MERGES = 16;

/** A name after those of all projects. */
const LAST = "\uffff";

/**
 * Seals what can no longer change, sessions only of projects after `after`. Returns null, or where the next call
 * continues when `isTimeUp` ended it.
 */
export async function seal(
  stores: Stores,
  now: number,
  after = "",
  isTimeUp: () => boolean = () => false,
): Promise<string | null> {
  const last = await sealSessions(stores, now, after, isTimeUp);
  const isSealed = (await sealDays(stores, now, isTimeUp)) && (await sealRollups(stores, now, isTimeUp));
  return last ?? (isSealed ? null : LAST);
}

/** Merges small segments that every project has folded. Returns the number of merges. */
export async function merge({ db, lake }: Stores, foldedSeq: number, now: number): Promise<number> {
  let known: ReturnType<typeof livenessOf> | undefined;
  // Read only when something is merged: it grows with the number of projects and days.
  const liveness = () => {
    known ??= livenessOf(db);
    return known;
  };
  const exists = async () => {
    const isLive = await liveness();
    return (row: { project_id: string }) => isLive.has(row.project_id);
  };
  const session = async () => {
    const isLive = await liveness();
    return (row: SessionRow) => isLive.at(row, row.started_at);
  };
  const rollup = async () => {
    const isLive = await liveness();
    return (row: SealedRollupRow) => isLive.at(row, row.bucket);
  };
  const steps: (() => Promise<boolean>)[] = [
    () => mergeStep(db, lake, { dataset: "events", foldedSeq, now, keep: exists }),
    () => mergeStep(db, lake, { dataset: "dropped", foldedSeq, now, keep: exists, isByDay: true }),
    () => mergeStep(db, lake, { dataset: "records", foldedSeq, now, keep: exists }),
    () => mergeStep(db, lake, { dataset: "sessions", foldedSeq, now, keep: session }),
    () => mergeStep(db, lake, { dataset: "rollups", foldedSeq, now, keep: rollup }),
  ];
  let merges = 0;
  for (const step of steps) while (merges < MAX_MERGES && (await step())) merges++;
  return merges;
}

/** Deletes objects and rows that nothing references any more; `isTimeUp` leaves some to the next call. */
export async function collectGarbage(
  stores: Stores,
  foldedSeq: number,
  now: number,
  isTimeUp: () => boolean = () => false,
): Promise<void> {
  const { db, lake } = stores;
  await db.batch([
    deleteCommits(db, foldedSeq, now - COMMITS_RETENTION_MS),
    ...deleteExpired(db, { now, dropsBefore: now - DROPS_RETENTION_MS }),
  ]);
  await purgeDeleted(stores, now, isTimeUp);
  await purgeRetired(db, now, isTimeUp);
  await dropApplied(stores, now);
  await listMissing(stores, now, isTimeUp);
  await collect(db, lake, now);
}

/**
 * Returns which derived rows of the lake are valid: those of generations that have rows, not older than the last derivation
 * of their day.
 */
async function livenessOf(db: D1Database): Promise<{
  has(project: string): boolean;
  at(row: Pick<SessionRow, "project_id" | "generation" | "epoch">, time: number): boolean;
}> {
  const { generations, days } = await derivations(db);
  const derived = Map.groupBy(days, ([key]) => key);
  const validities = new Map(
    generations.map((state): [string, Validity] => {
      const key = rowsKey(state);
      const own = new Map((derived.get(key) ?? []).map(([, day, epoch]) => [day, epoch]));
      return [key, validityOf(state.generation, own, state.timezone)];
    }),
  );
  const projects = new Set(generations.map(({ project }) => project));
  return {
    has: (project) => projects.has(project),
    at({ project_id: project, generation, epoch }, time) {
      const isValid = validities.get(rowsKey({ project, generation: generation ?? 0 }));
      return isValid?.(time, epoch, generation) ?? false;
    },
  };
}
