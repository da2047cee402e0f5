/**
 * The folder's work as plain functions over a shard's stores, so that the Durable Object, commands and tests run the same.
 * @module
 */
import { nextBucket } from "../lib/time";
import { derive } from "./derive";
import { foldOnce, type Stores } from "./fold";
import { type DirtyDay, dirtyDays, foldStates, retried } from "./store";

/** Days derived in one read: neighbours share their margins. */
const MAX_RUN_DAYS = 4;

export interface Progress {
  until: number;
  events: number;
  completed: Map<string, number>;
  /** True when the time was up before the work was done. */
  more: boolean;
}

/** Folds everything that is committed after `after`, or until `deadline` (epoch ms on `clock`). */
export async function foldAll(
  stores: Stores,
  after: number,
  now: number,
  isTimeUp: () => boolean = () => false,
): Promise<Progress> {
  const progress: Progress = { until: after, events: 0, completed: new Map(), more: false };
  for (;;) {
    const outcome = await retried(() => foldOnce(stores, progress.until, now));
    if (!outcome.folded) return progress;
    progress.until = outcome.until;
    progress.events += outcome.events;
    for (const [project, time] of outcome.completed) progress.completed.set(project, time);
    if (isTimeUp()) return { ...progress, more: true };
  }
}

/** Derives days that are marked, all of them or those that are due. Answers how many, by project. */
export async function deriveMarked(
  stores: Stores,
  now: number,
  {
    dueOnly = false,
    limit = 1000,
    isTimeUp = () => false,
  }: { dueOnly?: boolean; limit?: number; isTimeUp?: () => boolean } = {},
): Promise<Map<string, number>> {
  const derived = new Map<string, number>();
  const days = await dirtyDays(stores.db, now, limit, dueOnly);
  const states = await foldStates(stores.db, new Set(days.map((d) => d.project)));
  for (const run of runsOf(days, (project) => states.get(project)?.timezone)) {
    if (isTimeUp()) break;
    await retried(async () => {
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

/** Neighbouring days of one project as ranges. Days of projects that are gone are left out. */
function runsOf(days: readonly DirtyDay[], zoneOf: (project: string) => string | undefined): Run[] {
  const runs: Run[] = [];
  for (const { project, day } of days) {
    const zone = zoneOf(project);
    if (zone === undefined) continue;
    const to = nextBucket(day, "day", zone);
    const last = runs.at(-1);
    if (last && last.project === project && last.to === day && last.days < MAX_RUN_DAYS) {
      last.to = to;
      last.days++;
    } else runs.push({ project, from: day, to, days: 1 });
  }
  return runs;
}
