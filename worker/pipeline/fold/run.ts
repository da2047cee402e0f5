/**
 * The folder's work as plain functions over a shard's stores, so that the Durable Object, commands and tests run the
 * same.
 * @module
 */

import { projectOfKey, rowsKey } from "../../../schema/tables/generation";
import { logError } from "../../lib/log";
import type { Stores } from "../../lib/stores";
import { nextBucket } from "../../lib/time";
import { liveSegments } from "../lake";
import { derive } from "./derive";
import { foldOnce } from "./fold";
import type { FoldStores } from "./group";
import { estimateRows } from "./read-ordered";
import {
  type DirtyDay,
  dirtyDays,
  dueDays,
  type FoldState,
  foldStates,
  generationsOf,
  postponeDays,
  retryGuarded,
} from "./store";

/** Approximate rows derived in one read: neighboring days share their margins. */
const MAX_RUN_ROWS = 100_000;

export interface Progress {
  until: number;
  events: number;
  completed: Map<string, number>;
  /** True when `isTimeUp` ended it before the work was done. */
  more: boolean;
}

/** Folds everything that is committed after `after`, or until `isTimeUp`, which is asked between groups of projects. */
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

export interface DeriveOptions {
  /** Only days that are due, of the `DUE_PROJECTS` projects that have waited longest. Default: all. */
  dueOnly?: boolean;
  /** Most days when they need not be due. */
  limit?: number;
  /** Only days of the generation with this key, due or not. */
  key?: string;
  /** Asked between ranges of days. */
  isTimeUp?: () => boolean;
}

/**
 * Derives days that are marked, all of them or those that are due; returns how many, by project. Days that fail are
 * postponed and do not stop the others.
 * @throws when storage does not work.
 */
export async function deriveMarked(
  stores: Stores,
  now: number,
  { dueOnly = false, limit = 5000, key, isTimeUp = () => false }: DeriveOptions = {},
): Promise<Map<string, number>> {
  const derived = new Map<string, number>();
  const days = dueOnly ? await dueDays(stores.db, now) : await dirtyDays(stores.db, limit, key);
  const states = await generationsWith(stores.db, days);
  const runs = await runsOf(stores.db, days, states);
  for (const run of inTurns(runs)) {
    if (isTimeUp()) break;
    const project = projectOfKey(run.key);
    if (await deriveRun(stores, run, now)) derived.set(project, (derived.get(project) ?? 0) + run.days);
  }
  return derived;
}

/** The states of the generations that the days are of, by key; of deleted projects and retired generations none. */
async function generationsWith(
  db: D1Database,
  days: readonly Pick<DirtyDay, "project">[],
): Promise<Map<string, FoldState>> {
  const states = await foldStates(db, new Set(days.map(({ project }) => projectOfKey(project))));
  return new Map([...states.values()].flatMap(generationsOf).map((state) => [rowsKey(state), state]));
}

/** Derives a run of days; false when it failed and was postponed. */
async function deriveRun(stores: Stores, run: Run, now: number): Promise<boolean> {
  const { key, days } = run;
  try {
    await retryGuarded(async () => {
      const state = (await generationsWith(stores.db, [{ project: key }])).get(key);
      if (state) await derive(stores, state, run, now);
    });
    return true;
  } catch (error) {
    // Throws while R2 is down: an outage is not a failure of these days.
    await stores.lake.head("health");
    await postponeDays(stores.db, key, run, String(error), now);
    logError("Days could not be derived", error, { key, from: run.from, days });
    return false;
  }
}

/** The runs in turns: the first of each generation, then the second of each, so that no project waits for all of another. */
function inTurns(runs: readonly Run[]): Run[] {
  const places = new Map<string, number>();
  return runs
    .map((run) => {
      const place = places.get(run.key) ?? 0;
      places.set(run.key, place + 1);
      return { run, place };
    })
    .sort((a, b) => a.place - b.place || a.run.rows - b.run.rows)
    .map(({ run }) => run);
}

interface Run {
  /** Key of the generation. */
  key: string;
  from: number;
  to: number;
  days: number;
  /** Rows expected. */
  rows: number;
}

/**
 * Neighboring days of one generation as ranges, while the manifest's estimate is low: years without events are one range.
 * Days without a state are left out.
 */
async function runsOf(
  db: D1Database,
  days: readonly DirtyDay[],
  states: ReadonlyMap<string, FoldState>,
): Promise<Run[]> {
  const runs: Run[] = [];
  for (const [key, own] of Map.groupBy(days, (d) => d.project)) {
    const state = states.get(key);
    if (!state) continue;
    const { project, timezone: zone } = state;
    const segments = await liveSegments(db, "events", { project });
    let hasFailed = false;
    for (const { day, failures } of own) {
      const to = nextBucket(day, "day", zone);
      const rows = estimateRows(segments, project, { from: day, to });
      const last = runs.at(-1);
      const isAlone = hasFailed || failures > 0;
      hasFailed = failures > 0;
      if (!isAlone && last?.key === key && last.to === day && last.rows + rows <= MAX_RUN_ROWS) {
        last.to = to;
        last.days++;
        last.rows += rows;
      } else runs.push({ key, from: day, to, days: 1, rows });
    }
  }
  return runs;
}
