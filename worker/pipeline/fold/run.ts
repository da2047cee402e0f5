/**
 * The folder's work as plain functions over a shard's stores, so that the Durable Object, commands and tests run the
 * same.
 * @module
 */

import type { Stores } from "../../lib/stores";
import { nextBucket } from "../../lib/time";
import { liveSegments } from "../lake";
import { derive } from "./derive";
import { type FoldStores, foldOnce } from "./fold";
import { estimateRows } from "./read-ordered";
import { type DirtyDay, dirtyDays, foldStates, retryGuarded } from "./store";

/** Approximate rows derived in one read: neighboring days share their margins. */
const MAX_RUN_ROWS = 100_000;

export interface Progress {
  until: number;
  events: number;
  completed: Map<string, number>;
  /** True when the time was up before the work was done. */
  more: boolean;
}

/** Folds everything that is committed after `after`, or until `deadline` (epoch ms on `clock`). */
export async function foldAll(
  stores: FoldStores,
  after: number,
  now: number,
  isTimeUp: () => boolean = () => false,
): Promise<Progress> {
  const progress: Progress = { until: after, events: 0, completed: new Map(), more: false };
  for (;;) {
    const outcome = await retryGuarded(() => foldOnce(stores, progress.until, now, isTimeUp));
    if (!outcome.folded) return progress;
    progress.until = outcome.until;
    progress.events += outcome.events;
    for (const [project, time] of outcome.completed) progress.completed.set(project, time);
    if (isTimeUp()) return { ...progress, more: true };
  }
}

/** Derives days that are marked, all of them or those that are due. Returns how many, by project. */
export async function deriveMarked(
  stores: Stores,
  now: number,
  {
    dueOnly = false,
    limit = 5000,
    isTimeUp = () => false,
  }: { dueOnly?: boolean; limit?: number; isTimeUp?: () => boolean } = {},
): Promise<Map<string, number>> {
  const derived = new Map<string, number>();
  const days = await dirtyDays(stores.db, now, limit, dueOnly);
  const states = await foldStates(stores.db, new Set(days.map((d) => d.project)));
  for (const run of await runsOf(stores.db, days, (project) => states.get(project)?.timezone)) {
    if (isTimeUp()) break;
    await retryGuarded(async () => {
      const state = (await foldStates(stores.db, [run.project])).get(run.project);
      if (state) await derive(stores, state, run, now);
    });
    derived.set(run.project, (derived.get(run.project) ?? 0) + run.days);
  }
  return derived;
}

interface Run {
  project: string;
  from: number;
  to: number;
  days: number;
}

/**
 * Neighboring days of one project as ranges, while the manifest's estimate is low: years without events are one range.
 * Days of deleted projects are left out.
 */
async function runsOf(
  db: D1Database,
  days: readonly DirtyDay[],
  zoneOf: (project: string) => string | undefined,
): Promise<Run[]> {
  const runs: (Run & { rows: number })[] = [];
  for (const [project, own] of Map.groupBy(days, (d) => d.project)) {
    const zone = zoneOf(project);
    if (zone === undefined) continue;
    const segments = await liveSegments(db, "events", { project });
    for (const { day } of own) {
      const to = nextBucket(day, "day", zone);
      const rows = estimateRows(segments, project, { from: day, to });
      const last = runs.at(-1);
      if (last && last.project === project && last.to === day && last.rows + rows <= MAX_RUN_ROWS) {
        last.to = to;
        last.days++;
        last.rows += rows;
      } else runs.push({ project, from: day, to, days: 1, rows });
    }
  }
  return runs;
}
