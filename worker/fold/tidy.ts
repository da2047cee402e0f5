/**
 * Upkeep of a shard between folds: sealing, merging, collecting, forgetting.
 * @module
 */
import type { RollupRow, SessionRow } from "../../schema/wire/derived";
import { collect, mergeStep } from "../lake";
import { bucketStart, DAY_MS } from "../lib/time";
import { dropApplied } from "./applied";
import type { Stores } from "./fold";
import { sealDays, sealRollups, sealSessions } from "./seal";
import type { FoldState } from "./store";

/** What was kept out of the numbers stays this long. */
export const DROPS_KEPT_MS = 30 * DAY_MS;
/** Commits stay this long after they were folded, for people who look into a delivery. */
const COMMITS_KEPT_MS = 7 * DAY_MS;
/** Merges in one round; the next round goes on. */
const MAX_MERGES = 16;

/** Seals what can no longer change. */
export async function seal(stores: Stores, now: number): Promise<void> {
  await sealSessions(stores, now);
  await sealDays(stores, now);
  await sealRollups(stores, now);
}

/** Merges small segments that every project has folded. Answers how many merges were made. */
export async function merge(stores: Stores, foldedSeq: number, now: number): Promise<number> {
  let merges = 0;
  const isLive = await livenessOf(stores.db);
  const exists = (row: { project_id: string }) => isLive.has(row.project_id);
  while (
    merges < MAX_MERGES &&
    (await mergeStep(stores.db, stores.lake, { dataset: "events", foldedSeq, now, keep: exists }))
  )
    merges++;
  while (
    merges < MAX_MERGES &&
    (await mergeStep(stores.db, stores.lake, { dataset: "dropped", foldedSeq, now, keep: exists }))
  )
    merges++;
  const session = (row: SessionRow) => isLive.at(row.project_id, row.started_at, row.epoch);
  while (
    merges < MAX_MERGES &&
    (await mergeStep(stores.db, stores.lake, { dataset: "sessions", foldedSeq, now, keep: session }))
  )
    merges++;
  const rollup = (row: RollupRow) => isLive.at(row.project_id, row.bucket, row.epoch);
  while (
    merges < MAX_MERGES &&
    (await mergeStep(stores.db, stores.lake, { dataset: "rollups", foldedSeq, now, keep: rollup }))
  )
    merges++;
  return merges;
}

/** Deletes what nothing refers to any more. */
export async function collectGarbage({ db, lake }: Stores, foldedSeq: number, now: number): Promise<void> {
  await db.batch([
    db.prepare("DELETE FROM drops WHERE day < ?1").bind(now - DROPS_KEPT_MS),
    db
      .prepare("DELETE FROM commits WHERE seq <= ?1 AND committed_at < ?2")
      .bind(foldedSeq, now - COMMITS_KEPT_MS),
    db
      .prepare(
        "UPDATE segments SET dead_at = ?1 WHERE dataset = 'dropped' AND dead_at IS NULL AND max_time < ?2",
      )
      .bind(now, now - DROPS_KEPT_MS),
  ]);
  await dropApplied(db, now);
  await collect(db, lake, now);
}

/** Tells which derived rows of the lake still hold: those not older than the last derivation of their day. */
async function livenessOf(db: D1Database): Promise<{
  has(project: string): boolean;
  at(project: string, time: number, epoch: number): boolean;
}> {
  const [states, days] = await db.batch([
    db.prepare("SELECT * FROM fold_state"),
    db.prepare("SELECT project, day, epoch FROM derived_days"),
  ]);
  const zones = new Map(
    ((states?.results ?? []) as unknown as FoldState[]).map((s) => [s.project, s.timezone]),
  );
  const derived = new Map(
    ((days?.results ?? []) as unknown as { project: string; day: number; epoch: number }[]).map((d) => [
      `${d.project} ${d.day}`,
      d.epoch,
    ]),
  );
  return {
    has: (project) => zones.has(project),
    at(project, time, epoch) {
      const zone = zones.get(project);
      if (zone === undefined) return false;
      return epoch >= (derived.get(`${project} ${bucketStart(time, "day", zone)}`) ?? 0);
    },
  };
}
